import Diagnostics
import Directives
import Testing

@Suite struct BindingTests {
  private func canonical(_ text: String) -> String {
    let (bound, faults) = TestSchemas.bind(text)
    return bound?.source.canonicalText ?? faults.map(wording).joined(separator: "\n")
  }

  @Test(arguments: [
    ("<<heatmap r2 mean>>", "heatmap r2 mean atlas dataset=texts pairs=adjacent seed=7"),
    (
      "<<heatmap r2 mean gpt2 pairs=all n=64 0..11>>",
      "heatmap r2 mean gpt2 dataset=texts n=64 pairs=all range=0..11 seed=7"
    ),
    ("<<heatmap r2 dims scale=log>>", "heatmap r2 dims atlas dataset=texts seed=7"),
    ("<<heatmap r2 mat vs=gpt2 dataset=jsts seed=1>>", "heatmap r2 mat atlas vs=gpt2 dataset=jsts seed=1"),
    ("<<convergence llama-1b>>", "convergence llama-1b dataset=texts badge=on position=last seed=7"),
    ("<<earlyexit gpt2 95%>>", "earlyexit gpt2 dataset=texts k=1,5 seed=7 target=95%"),
    ("<<earlyexit 97.5% gpt2 k=3>>", "earlyexit gpt2 dataset=texts k=3 seed=7 target=97.5%"),
    ("<<bypass 3->8>>", "bypass atlas dataset=texts pair=3->8 seed=7"),
    (
      "<<predictions \"a \\\"b\" L3.H2 7 gpt2>>",
      "predictions gpt2 temperature=1 text=\"a \\\"b\" top=7 unit=L3.H2"
    ),
    ("<<convergence {who} n={size}>>", "convergence gpt2 dataset=texts badge=on n=64 position=last seed=7"),
    ("<<ref fig-depth>>", "ref target=fig-depth"),
  ])
  func bindsToOneText(text: String, expected: String) {
    #expect(canonical(text) == expected)
    // The canonical text means the same when it is bound again.
    if !expected.hasPrefix("ref") { #expect(canonical("<<" + expected + ">>") == expected) }
  }

  /// A directive of a kind of data of its own takes it where nobody chose another and the book has it.
  @Test(arguments: [
    ("<<knowledge>>", false, ["texts", "jsts"], "jsts"), ("<<knowledge>>", true, ["texts", "jsts"], "texts"),
    ("<<knowledge>>", false, ["texts"], "texts"), ("<<knowledge dataset=texts>>", false, ["texts", "jsts"], "texts"),
  ])
  func aStandardDatasetIsChosenByNobody(_ text: String, isChosen: Bool, names: [String], expected: String) throws {
    var schema = DirectiveSchema(name: "knowledge", summary: "facts", keys: [])
    schema.standardDataset = "jsts"
    var scope = BindingScope(models: ["atlas"], datasets: names, model: "atlas", dataset: "texts", seed: 7)
    scope.choosesDataset = isChosen
    let directive = try #require(DirectiveParser.parse(directive: text).0)
    let (bound, faults) = DirectiveBinder(schemas: [schema], scope: scope).bind(directive)
    #expect(faults.map(wording) == [])
    #expect(bound?.source.dataset == expected)
  }

  @Test func spellingDoesNotMatter() {
    let one = canonical("<<earlyexit gpt2 95% k=1,5 caption=\"x\" id=a as=table>>")
    #expect(one == canonical("<<earlyexit   k=\"1,5\"   95%  id=b gpt2>>"))
    #expect(one == canonical("<<earlyexit gpt2>>"))
  }

  @Test func givesEverything() throws {
    let (bound, faults) = TestSchemas.bind(
      "<<heatmap r2 max vs=gpt2 caption=\"*R²* {size}\" id=fig-a as=table n=10 range=2..3>>")
    #expect(faults.isEmpty)
    guard case .directive(let directive)? = bound else {
      Issue.record("not bound")
      return
    }
    #expect(directive.view == ["r2", "max"])
    #expect(directive.model == "atlas")
    #expect(directive.versus == ["gpt2"])
    #expect(directive.dataset == "texts")
    #expect(directive.caption?.value == "*R²* 64")
    #expect(directive.id?.value == "fig-a")
    #expect(directive.form == .table)
    #expect(directive[Key<Int?>.int("n", "")] == 10)
    #expect(directive[Key.range("range", "")] == 2...3)
    #expect(directive.values["pairs"] == .word("adjacent"))
    #expect(directive[.seed] == 7)
    #expect(directive.explicitKeys == ["vs", "caption", "id", "as", "n", "range"])
  }

  @Test(arguments: [
    ("<<⟦heatmp⟧ r2 mean>>", "unknown directive 'heatmp' | did you mean 'heatmap'? | write '\\<<' for literal text"),
    ("<<heatmap r2 ⟦maen⟧>>", "unknown keyword or model 'maen' | did you mean 'mean'?"),
    ("<<heatmap r2 mean ⟦gpt3⟧>>", "unknown keyword or model 'gpt3' | did you mean 'gpt2'?"),
    ("<<convergence ⟦lama-1b⟧>>", "unknown model 'lama-1b' | did you mean 'llama-1b'?"),
    ("<<convergence ⟦position⟧>>", "unknown model 'position' | 'position' is a key: write position=…"),
    ("<<⟦heatmap⟧>>", "'heatmap' needs 'r2' | for example <<heatmap r2 mean>>"),
    ("<<⟦heatmap⟧ r2>>", "'heatmap r2' needs one of mean, max, std, dims, mat | for example <<heatmap r2 mean>>"),
    ("<<heatmap ⟦mean⟧>>", "'heatmap' needs 'r2' here, found 'mean'"),
    ("<<heatmap r2 gpt2 ⟦mean⟧>>", "view keyword 'mean' must come before 'gpt2'"),
    ("<<heatmap r2 mean ⟦max⟧>>", "'heatmap r2 mean' takes no further view keyword, found 'max'"),
    ("<<heatmap r2 mean ⟦captoin⟧=\"x\">>", "unknown key 'captoin' of 'heatmap' | did you mean 'caption'?"),
    ("<<heatmap r2 mean n=1 ⟦n⟧=2>>", "key 'n' is given twice"),
    ("<<heatmap r2 mean n=⟦0⟧>>", "'n' must be a whole number from 1, found '0'"),
    ("<<heatmap r2 mean n=⟦1.5⟧>>", "'n' must be a whole number from 1, found '1.5'"),
    ("<<heatmap r2 mean n=⟦99999999999999999999⟧>>", "'n' must be a whole number from 1, found '99999999999999999999'"),
    ("<<heatmap r2 mean seed=⟦\"\"⟧>>", "'seed' must be a whole number from 0, found \"\""),
    ("<<heatmap r2 mean pairs=⟦al⟧>>", "'pairs' must be one of adjacent, all, found 'al' | did you mean 'all'?"),
    ("<<heatmap r2 dims ⟦pairs⟧=all>>", "key 'pairs' does not go with 'heatmap r2 dims'"),
    (
      "<<heatmap r2 mean ⟦95%⟧>>",
      "'heatmap' takes no percentage, found '95%' | its keys are pairs, scale, range, n, seed"
    ),
    (
      "<<heatmap r2 mean ⟦\"x\"⟧>>",
      "'heatmap' takes no text in quotes, found \"x\" | its keys are pairs, scale, range, n, seed"
    ),
    ("<<heatmap r2 mean range=⟦11..0⟧>>", "'range' must be a range such as 0..11, found '11..0'"),
    (
      "<<heatmap r2 mean gpt2 ⟦atlas⟧>>",
      "second model 'atlas'; 'gpt2' is already named | write vs=atlas to show it too"
    ),
    ("<<earlyexit gpt2 ⟦atlas⟧>>", "second model 'atlas'; 'gpt2' is already named"),
    (
      "<<earlyexit ⟦vs⟧=gpt2>>",
      "unknown key 'vs' of 'earlyexit' | valid keys: target, k, n, seed, dataset, caption, id, tol, as, width, height"
    ),
    ("<<earlyexit target=⟦120%⟧>>", "'target' must be a percentage from 0% to 100%, such as 95%, found '120%'"),
    ("<<earlyexit target=⟦95⟧>>", "'target' must be a percentage from 0% to 100%, such as 95%, found '95'"),
    ("<<earlyexit k=⟦1,x⟧>>", "'k' must be whole numbers from 1 to 100, separated by commas, found '1,x'"),
    ("<<earlyexit 95% ⟦96%⟧>>", "'target' of 'earlyexit' is given twice"),
    ("<<earlyexit dataset=⟦text⟧>>", "unknown dataset 'text' | did you mean 'texts'?"),
    ("<<heatmap r2 mean vs=⟦zzz⟧>>", "unknown model 'zzz' | valid models: atlas, gpt2, llama-1b"),
    ("<<heatmap r2 mean as=⟦chart⟧>>", "'as' must be one of figure, table, found 'chart'"),
    ("<<heatmap r2 mean id=⟦a/b⟧>>", "'id' must be a name of letters, digits, '-', '_', '.' and ':', found 'a/b'"),
    ("<<convergence badge=⟦yes⟧>>", "'badge' must be on or off, found 'yes'"),
    ("<<predictions \"x\" temperature=⟦nan⟧>>", "'temperature' must be a number from 0 to 10, found 'nan'"),
    ("<<⟦bypass⟧>>", "'bypass' needs 'pair': a pair such as 3->8 | for example <<bypass 3->8>>"),
    ("<<convergence n=⟦{siez}⟧>>", "unknown parameter 'siez' | did you mean 'size'?"),
    ("<<ref ⟦a/b⟧>>", "'target' must be a name of letters, digits, '-', '_', '.' and ':', found 'a/b'"),
  ])
  func reportsAtTheToken(marked: String, expected: String) {
    let text = MarkedText(marked)
    let (bound, faults) = TestSchemas.bind(text.file)
    #expect(bound == nil)
    #expect(faults.map(wording) == [expected])
    #expect(faults.map(\.span) == text.spans)
  }

  @Test func allFaultsAreReported() {
    let (_, faults) = TestSchemas.bind("<<heatmap r2 mean n=0 x=1 gpt3 as=z>>")
    #expect(faults.count == 4)
  }

  @Test func parametersAreDefaults() {
    let file = SourceFile(
      path: "t.md", text: "---\nmodel: gpt2\nparams: {n: 12, target: 90%, k: none}\n---\n<<earlyexit>>")
    let (matter, _) = FrontMatter.parse(file)
    var scope = TestSchemas.scope
    scope.parameters = matter.parameters
    let (_, faults) = TestSchemas.bind(file, scope: scope)
    #expect(
      faults.map(wording) == [
        "'k' must be whole numbers from 1 to 100, separated by commas, found 'none', as 'earlyexit' takes it"
      ])
    #expect(faults.map(\.headline) == ["t.md:3:33: error: " + faults[0].message])
    scope.parameters.removeLast()
    let (bound, none) = TestSchemas.bind(file, scope: scope)
    #expect(none.isEmpty)
    #expect(bound?.source.canonicalText == "earlyexit atlas dataset=texts k=1,5 n=12 seed=7 target=90%")
  }

  @Test func captionsKeepTheirBraces() {
    let (bound, faults) = TestSchemas.bind("<<pca>>")
    #expect(bound == nil && faults.count == 1)
    let (math, warnings) = TestSchemas.bind("<<convergence caption=\"$`\\\\frac{a}{b}`$ of {size}, {sise}\">>")
    guard case .directive(let directive)? = math else {
      Issue.record("not bound")
      return
    }
    #expect(directive.caption?.value == "$`\\frac{a}{b}`$ of 64, {sise}")
    #expect(warnings.map(wording) == ["warning: '{sise}' is not a parameter and stays as it is | did you mean 'size'?"])
  }

  @Test func withoutDocumentDefaults() {
    let scope = BindingScope(models: ["a"], datasets: [], allowsPaths: true)
    let (_, faults) = TestSchemas.bind(SourceFile(path: "t", text: "<<convergence>>"), scope: scope)
    #expect(faults.map(\.message) == ["no model for 'convergence'"])
    let (bound, none) = TestSchemas.bind(
      SourceFile(path: "t", text: "<<convergence ./m dataset=d/x.txt>>"), scope: scope)
    #expect(none.isEmpty)
    #expect(bound?.source.canonicalText == "convergence ./m dataset=d/x.txt badge=on position=last seed=42")
  }
}
