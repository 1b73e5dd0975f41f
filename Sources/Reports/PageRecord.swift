import Blocks
import Files
import JSONText
import Markup
import Results

/// What a page says about itself: every result with the key that gave it, for people and for programs.
struct PageRecord {
  let evaluations: [Evaluation]
  let generator: String

  /// Each result once, in the order of the page.
  private var distinct: [Evaluation] {
    var seen: Set<String> = []
    return evaluations.flatMap { [$0] + $0.comparison }.filter { seen.insert($0.key.hex).inserted }
  }

  /// The machine-readable record.
  var manifest: JSONValue {
    .object([
      "format": "layerbook.page/1",
      "generator": .string(generator),
      "results": .array(
        distinct.map { evaluation in
          .object([
            "directive": .string(evaluation.bound.canonicalText),
            "engine": .string(evaluation.engine.name),
            "engine_version": .int(evaluation.engine.version),
            "model": .string(evaluation.model.digest),
            "dataset": evaluation.dataset.map { .string($0.digest) } ?? .null,
            "key": .string(evaluation.key.hex),
            "value": .string(valueDigest(of: .object(evaluation.result)).hex),
          ])
        }),
    ])
  }

  /// The same for people: a line a result.
  func html(_ language: Language) -> TrustedMarkup {
    MarkupWriter.make {
      $0.element("p", text: language("Made by \(generator).", "\(generator) により作成。"))
      $0.newLine()
      $0.element("ul") { list in
        for evaluation in distinct {
          list.element("li") {
            $0.element("code", text: "<<\(evaluation.bound.canonicalText)>>")
            $0.text(" ")
            $0.element("code", text: String(evaluation.key.hex.prefix(12)))
          }
        }
      }
    }
  }
}
