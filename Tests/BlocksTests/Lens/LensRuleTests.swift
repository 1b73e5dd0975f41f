import Blocks
import JSONText
import Testing

/// What holds for every lens whatever the model says, and what is refused.
@Suite struct LensRuleTests {
  @Test func theLastDepthIsTheModelItself() throws {
    let book = try LensBook()
    let kl = try book.result("<<lens kl \"The capital of France is\">>")
    let last = try #require(kl["values"]?.arrayValue?.last)
    #expect(numbers(last).allSatisfy { $0 == 0 })
    let mapped = try book.result("<<lens kl \"The capital of France is\" lens=mat fit=200>>")
    #expect(numbers(mapped["values"]?.arrayValue?.last) == numbers(last))
    let transfer = try book.result("<<lens transfer fit=200>>")
    let rows = try #require(transfer["mean"]?.arrayValue)
    #expect(rows.count == 13 && numbers(rows[12]) == numbers(transfer["id"]))
    #expect(numbers(rows[12]).last == .some(0))
    #expect(numbers(rows[6]).allSatisfy { ($0 ?? -1) >= 0 })
  }

  @Test func aMappedLensIsShownBesideThePlainOneOnTheSameStates() throws {
    let book = try LensBook()
    let found = try book.ask("<<lens kl lens=mat fit=400>>")
    #expect(found.facts.split?.train == 320 && found.facts.split?.test == 80)
    #expect(numbers(found.result["control"]).count == 13)
    #expect(found.result["positions"]?.intValue == 80)
    #expect(numbers(found.result["mean"]).last == numbers(found.result["control"]).last)
  }

  @Test func spacesLineEndsJapaneseAndByteFragmentsAreLegible() throws {
    let book = try LensBook()
    let found = try book.ask("<<logitlens \"A cat\" last=2 as=table>>")
    #expect(words(found.result["tokens"]).last == " cat")
    let pieces = try book.result("<<logitlens \"東\" last=2>>")
    let tokens = words(pieces["tokens"])
    #expect(tokens.count == 2 && tokens.allSatisfy { !$0.unicodeScalars.contains("\u{FFFD}") })
  }

  @Test func everyLineRanksFirstSomewhere() throws {
    let book = try LensBook()
    let found = try book.result("<<logitlens \"The capital of France is\" last=1 view=lines>>")
    let lines = try #require(found["lines"]?.arrayValue)
    let tops = (found["top"]?.arrayValue ?? []).compactMap { $0.arrayValue?.last?.stringValue }
    #expect(Set(lines.compactMap { $0["token"]?.stringValue }) == Set(tops))
    for line in lines {
      let first = try #require(line["first"]?.intValue)
      #expect(tops[first] == line["token"]?.stringValue)
      let probability = numbers(line["probability"])[first]
      #expect(probability == numbers(found["probability"]?.arrayValue?[first]).last)
    }
  }

  @Test func maskedModelsHaveALensButNoNextToken() throws {
    let book = try LensBook()
    #expect(numbers(try book.result("<<lens entropy atlas-bert n=5>>")["mean"]).count == 7)
    for text in ["<<lens ce atlas-bert n=5>>", "<<lambada atlas-bert n=5>>", "<<wikitext atlas-bert n=5>>"] {
      #expect(try book.failure(text)?.message.contains("masked model") == true, "\(text)")
    }
  }

  @Test func whatMeansNothingIsRefused() throws {
    let book = try LensBook()
    for (text, part) in [
      ("<<lens kl \"a\" n=5>>", "'n' has no meaning"), ("<<lens rank unit=bits-per-byte>>", "bits-per-byte"),
      ("<<lens ce \"a b\" unit=bits-per-byte>>", "bits-per-byte"), ("<<lens kl fit=50>>", "lens=id"),
      ("<<lens kl target=\" a\">>", "go with logitdiff"), ("<<lens logitdiff target=\" a\">>", "together"),
      ("<<logitlens>>", "needs 'text'"), ("<<logitlens \"a\" lens=mat mid=on>>", "lens=mat"),
      ("<<convergence pos=3>>", "without a text"), ("<<pca last=2>>", "without a text"),
      ("<<convergence text=\"a b\" position=last>>", "'position' has no meaning"),
    ] {
      let faults = try book.faults(text)
      #expect(faults.contains { $0.contains(part) }, "\(text): \(faults)")
    }
    for (text, part) in [
      ("<<logitlens \"a b\" last=50>>", "has 3 tokens"), ("<<convergence text=\"a b\" pos=9>>", "pos=9"),
      ("<<lens logitdiff \"a\" target=\" zzzzqq\" contrast=\" a\">>", "single ones"),
      ("<<wikitext pages=wikitext>>", "no WikiText file"), ("<<wikitext window=100000 n=2>>", "context holds"),
      ("<<convergence atlas-bert final=post>>", "final norm"), ("<<lambada n=100000 dataset=last-word>>", "only"),
    ] {
      let message = try book.failure(text)?.message ?? "nothing"
      #expect(message.contains(part), "\(text): \(message)")
    }
  }

  @Test func aTextNeedsNoDatasetAndDoesNotDependOnOne() throws {
    let book = try LensBook()
    for text in [
      "<<logitlens \"The capital of France is\">>", "<<lens kl \"The capital of France is\">>",
      "<<convergence text=\"The capital of France is\">>", "<<pca \"The capital of France is\">>",
    ] { #expect(try book.ask(text).dataset == nil, "\(text)") }
  }

  @Test func everyModelThatIsPresentHasARow() throws {
    let book = try LensBook()
    let found = try book.result("<<smodel atlas-gpt2 n=20>>")
    let rows = try #require(found["rows"]?.arrayValue)
    let names = rows.compactMap { $0["model"]?.stringValue }
    #expect(names.first == "atlas-gpt2" && Set(names).isSuperset(of: ["atlas-llama", "atlas-bert"]))
    let own = try book.result("<<convergence atlas-llama n=20>>")
    let row = try #require(rows.first { $0["model"]?.stringValue == "atlas-llama" })
    #expect(row["score"] == own["score"] && row["last_distance"] == own["last_distance"])
  }

  @Test func twoModelsShareComponents() throws {
    let book = try LensBook()
    let evaluation = try book.ask("<<pca \"The capital of France is\" last=1 shared=atlas-gpt2>>")
    let found = JSONValue.object(evaluation.result)
    #expect(found["paths"]?.arrayValue?.map { $0["count"]?.intValue } == [13, 9])
    #expect(found["labels"]?.arrayValue?.count == 22)
    // The space of a token is marked, and no other.
    let shown = try book.ask("<<pca \"The capital of France is\" last=1 shared=atlas-gpt2 as=table>>")
    guard case .table(let table) = shown.exhibit(in: .english).content else { return #expect(Bool(false)) }
    let states = table.rows.compactMap { if case .text(let text) = $0.first { text } else { nil } }
    #expect(states.first == "atlas-llama ␣is · Input" && states.last == "atlas-gpt2 ␣is · 7")
  }

  @Test func singlePositionsMeanWhatTheWholeTextDoes() throws {
    let book = try LensBook()
    let found = try book.result("<<convergence text=\"The capital of France is\" pos=-2,-1>>")
    let curves = try #require(found["positions"]?.arrayValue)
    #expect(curves.map { $0["token"]?.stringValue } == [" France", " is"])
    #expect(curves[0]["next"]?.stringValue == " is" && curves[1]["next"]?.stringValue == "")
    let mean = zip(numbers(curves[0]["distance"]), numbers(curves[1]["distance"])).map { ($0! + $1!) / 2 }
    #expect(distance(mean, numbers(found["distance"])) < 1e-12)
  }
}
