import Analyses
import Charts
import Diagnostics
import Directives
import Markup
import Transformers

extension Block {
  /// `<<generate M "prompt">>`: a text decoded with early exit, each token with the depth it left at.
  public static let generate = Block(
    "generate", "a prompt continued with early exit, tokens coloured by the depth they left at",
    views: [GenerateView()], takesDataset: false,
    examples: [
      "<<generate \"Once upon a time\">>", "<<generate \"The capital of France is\" exit=0.5 tokens=20 at=6,9>>",
    ])
}

struct GenerateView: View {
  let keys: [any KeyDeclaration] = GenerateKeys.all
  let engine = EngineIdentity("generate", version: 1)
  func needs(_: BoundDirective) -> ModelNeeds { [.head, .causal] }

  func idleKeys(of bound: BoundDirective) -> [String] {
    let fitting = [GenerateKeys.dataset.name, GenerateKeys.sample.texts.name, SampleKeys.maxTokens.name, "seed"]
    return bound[GenerateKeys.lens] == .mat ? [] : fitting
  }

  func faults(of bound: BoundDirective) -> [Diagnostic] { GenerateKeys.faults(of: bound) }

  var takesHeight: Bool { false }

  func example(_: BoundDirective) -> GenerateResult { .example }

  func answer(_ question: Question, on bench: Workbench) throws -> Answer<GenerateResult> {
    let generation = try ExitGeneration(question, on: bench)
    let result = try generation.result()
    let c = generation.model.configuration
    return Answer(
      result: result,
      facts: Facts(
        blocks: c.blocks, width: c.width, family: c.family.rawValue, texts: nil, positions: result.tokens.count,
        position: "decoded"))
  }

  func exhibit(_ shown: Shown<GenerateResult>, in say: Language) -> Exhibit {
    let rows = Array(zip(shown.tokens, shown.exitLayer).enumerated())
    let agreement = shown.agreement.map { NumberText.percent($0, decimals: 1) } ?? NumberText.undefined
    let mean = NumberText.fixed(shown.meanLayers, decimals: 2)
    let ratio = NumberText.fixed(shown.cost.exit / shown.cost.full, decimals: 2)
    return Exhibit(
      chart: TokenStrip(
        title: say("Tokens and the depth they left at", "トークンと終了した深さ"), prompt: shown.prompt,
        tokens: zip(shown.tokens, shown.exitLayer).map { .init(text: $0, level: $1) }, levels: shown.facts.blocks,
        levelTitle: say("blocks run", "実行ブロック数"), tokenTitle: say("token", "トークン")),
      table: Table(
        rows,
        [
          .count(say("place", "位置"), { $0.offset + 1 }), .text(say("token", "トークン"), { $0.element.0 }),
          .count(say("blocks run", "実行ブロック数"), { $0.element.1 }),
        ]),
      caption: Exhibit.Caption(
        say(
          "A prompt continued by \(shown.name) with early exit (λ = \(NumberText.shortest(shown[GenerateKeys.exit])), lens \(shown[GenerateKeys.lens].rawValue)): \(mean) of \(shown.facts.blocks) blocks on average.",
          "\(shown.name) による早期終了付き生成（λ = \(NumberText.shortest(shown[GenerateKeys.exit]))、レンズ \(shown[GenerateKeys.lens].rawValue)）。平均 \(mean) / \(shown.facts.blocks) ブロック。"
        )),
      notes: Exhibit.Notes([
        say(
          """
          The full model would have chosen \(agreement) of these tokens after the same tokens; the first \(shown.common) \
          are those of full decoding. With keys of skipped blocks and every exit test charged, a token costs \(ratio) times \
          the multiply-adds of full decoding.
          """,
          """
          同じ文脈で全層モデルも選ぶトークンは \(agreement)、先頭 \(shown.common) 個は全層の生成と同じ。省略ブロックの鍵・値と判定の\
          費用を含めた積和数は全層の \(ratio) 倍。
          """)
      ]))
  }
}
