import Citations
import Diagnostics
import Testing

/// Works out of BibTeX and CSL-JSON, and how they are printed.
struct BibliographyTests {
  private func read(_ text: String, path: String = "refs.bib") -> (Bibliography, [String]) {
    var works = Bibliography()
    let faults = works.read(SourceFile(path: path, text: text))
    return (works, faults.map(\.headline))
  }

  @Test func entriesOfEveryForm() {
    let (works, faults) = read(
      """
      A comment of its own. @comment{ @article{no, title={x}} } @preamble{"\\newcommand{x}{y}"}
      @string{acl = "Transactions of the {ACL}"}
      @Article{geva2021,
        author = "Geva, Mor and Schuster, Roei and Jonathan Berant and Levy, Omer",
        title = {Transformer Feed-Forward Layers Are {Key-Value} Memories},
        journal = acl # { (} # "TACL)", year = 2021, volume = {9}, number = 1, pages = {1--10},
        doi = {10.1000/x_1}, month = jan,
      }
      @inproceedings(b:2, author = {Ludwig van Beethoven and {The Big Group}}, title = "On \\emph{it} \\& more",
        booktitle = {Proc.}, year = {2020}, eprint = {2012.14913}, archivePrefix = {arXiv})
      """)
    #expect(faults == [])
    let geva = works["geva2021"]
    #expect(geva?.authors.map(\.family) == ["Geva", "Schuster", "Berant", "Levy"])
    #expect(geva?.authors.map(\.given) == ["Mor", "Roei", "Jonathan", "Omer"])
    #expect(geva?.title == "Transformer Feed-Forward Layers Are Key-Value Memories")
    #expect(geva?.container == "Transactions of the ACL (TACL)")
    #expect(geva?.pages == "1–10" && geva?.volume == "9" && geva?.issue == "1" && geva?.year == "2021")
    #expect(geva?.address == "https://doi.org/10.1000/x_1")
    let second = works["b:2"]
    #expect(
      second?.authors == [PersonName(family: "van Beethoven", given: "Ludwig"), PersonName(family: "The Big Group")])
    #expect(second?.title == "On it & more")
    #expect(second?.address == "https://arxiv.org/abs/2012.14913")
  }

  @Test(arguments: [
    (#"M{\"u}ller"#, "Müller"), (#"{\'E}mile"#, "Émile"), (#"Fran\c{c}ois"#, "François"), (#"\v{S}koda"#, "Škoda"),
    (#"Erd\H{o}s"#, "Erdős"), (#"na\"{\i}ve"#, "naïve"), (#"\O stergaard"#, "Østergaard"), (#"\~n \^o \`a"#, "ñ ô à"),
    (#"Stra{\ss}e"#, "Straße"), (#"a~b"#, "a\u{A0}b"), (#"1--2 --- ``x''"#, "1–2 — “x”"), (##"50\% \_ \#"##, "50% _ #"),
    ("日本語 {C}ase", "日本語 Case"), (#"\L{}ukasz"#, "Łukasz"),
  ])
  func accents(tex: String, text: String) {
    let (works, faults) = read("@misc{k, title = {\(tex)}}")
    #expect(faults == [])
    #expect(
      works["k"].map { Array($0.title.unicodeScalars) } == Array(text.unicodeScalars), "\(works["k"]?.title ?? "")")
  }

  @Test(arguments: [
    ("@article{a, title = {x}\n", "refs.bib:1:1: error: this entry is not closed"),
    ("@article{a, title = {x", "refs.bib:1:21: error: this value is not closed"),
    ("@article{a, title = foo}", "refs.bib:1:21: error: unknown string 'foo'"),
    ("@article{a, title = {x}}\n@book{a, title={y}}", "refs.bib:2:7: error: the key 'a' is given twice"),
    ("@article{a, title = {x \\foo y}}", "refs.bib:1:24: error: the command '\\foo' in 'title' is not known"),
    ("@article{a, year = 2020}", "refs.bib:1:10: warning: the work 'a' has no title"),
    ("@article{, title = {x}}", "refs.bib:1:1: error: an entry begins with a key and a comma: @article{key, …}"),
    ("@article{a, title {x}}", "refs.bib:1:13: error: expected 'name = value' in this entry"),
    ("@article{a, title = }", "refs.bib:1:21: error: expected a value: {…}, \"…\", a number or the name of a string"),
  ])
  func faultsStandAtTheirPlaces(text: String, fault: String) { #expect(read(text).1.first == fault) }

  @Test func cslJSON() {
    let (works, faults) = read(
      """
      [{"id": "k", "type": "article-journal", "title": "A\\n title", "author": [{"family": "Berg", "given": "A. B.",
        "non-dropping-particle": "van den"}, {"literal": "Group X"}], "issued": {"date-parts": [[2019, 3]]},
        "container-title": "J", "volume": 3, "page": "1-2", "DOI": "10.1/x", "URL": "https://x.org"},
       {"id": 7, "title": "B", "issued": {"raw": "2001-02"}}]
      """, path: "refs.json")
    #expect(faults == [])
    #expect(works["k"]?.authors == [PersonName(family: "van den Berg", given: "A. B."), PersonName(family: "Group X")])
    #expect(works["k"]?.title == "A title" && works["k"]?.year == "2019" && works["k"]?.pages == "1–2")
    #expect(works["7"]?.year == "2001")
    #expect(read("{", path: "r.json").1.first?.contains("not JSON") == true)
    #expect(read("[{}]", path: "r.json").1 == ["r.json: error: work 1 has no 'id'"])
  }

  @Test func printed() {
    var works = Bibliography()
    _ = works.read(
      SourceFile(
        path: "r.bib",
        text: """
          @article{a, author={Sun, Li and Ng, Ann}, title={One}, journal={J}, year=2020, volume=2, number=3, pages={4--5}, doi={10.1/<x>}}
          @article{b, author={Sun, Li and Ng, Ann}, title={Two?}, year=2020}
          @article{c, author={Sun, Li and Ng, Ann and others}, title={Three}, year=2020, url={javascript:alert(1)}}
          @misc{d/e, title={Nobody wrote this long title}}
          """))
    let style = CitationStyle(works, citing: ["a", "b", "c", "d/e", "none"])
    let both = style.bracketed([.init(key: "a", prefix: "see", locator: "p. 3"), .init(key: "b", yearOnly: true)])
    #expect(
      both.html == "(see <a href=\"#ref-a\" role=\"doc-biblioref\">Sun &amp; Ng, 2020a</a>, p. 3; "
        + "<a href=\"#ref-b\" role=\"doc-biblioref\">2020b</a>)")
    #expect(style.narrative("c").plainText == "Sun et al. (2020)")
    #expect(style.bracketed([.init(key: "d/e")]).plainText == "(“Nobody wrote this long …”, n.d.)")
    let list = style.list(of: ["a", "b", "c", "d/e"]).html
    #expect(
      list.contains(
        "<li id=\"ref-a\">Sun, L. &amp; Ng, A. (2020a). One. <em>J</em>, 2(3), 4–5. "
          + "<a href=\"https://doi.org/10.1/&lt;x&gt;\">https://doi.org/10.1/&lt;x&gt;</a></li>"))
    #expect(list.contains("<em>Two?</em></li>") && !list.contains("javascript"))
    #expect(list.contains("<li id=\"ref-1\">(n.d.)"))
    #expect(!style.list(of: ["a"]).html.contains("Two"))
  }

  @Test func hostileFilesEndInTime() {
    for part in ["@a{", "@a{b,", "@a{b,c=", "{", "@a{b,c={", "\\", "@", "@string{a=a#", "\"", "@a{b, author={a and "] {
      let (_, faults) = read(String(repeating: part, count: 20_000))
      #expect(faults.count <= 20)
    }
    let entry = "@article{k, author = {M{\\\"u}ller, A and B}, title = \"x {y} z\", year = 2020 # {a}}"
    for cut in 0..<entry.utf8.count { _ = read(String(decoding: entry.utf8.prefix(cut), as: UTF8.self)) }
    let deep = "@a{b, title = {" + String(repeating: "{", count: 500) + String(repeating: "}", count: 500) + "}}"
    #expect(read(deep).1.first?.contains("not closed") == true)
  }
}
