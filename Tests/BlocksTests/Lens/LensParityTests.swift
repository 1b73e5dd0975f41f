import Blocks
import JSONText
import TestSupport
import Testing

/// Lens readings beside float64 values of a program that shares nothing with this one.
@Suite struct LensParityTests {
  /// How far float32 may be off, in the unit of each quantity.
  static let allowed = [
    "entropy": 1e-4, "kl": 1e-4, "ce": 1e-4, "rank": 1, "maxprob": 1e-4, "logitdiff": 1e-4,
  ]

  @Test(arguments: LensBook.references) func everyQuantityOfATextAgrees(reference: LensBook.Reference) throws {
    let book = try LensBook()
    for grid in try #require(reference.values()["grid"]?.arrayValue) {
      let text = try #require(grid["text"]?.stringValue)
      guard !text.contains("\n") else { continue }
      let quoted = text.replacing("\"", with: "\\\"")
      for (quantity, tolerance) in Self.allowed {
        let found = try book.result("<<lens \(quantity) \(reference.model) \"\(quoted)\">>")
        let (mine, theirs) = (found["values"]?.arrayValue ?? [], grid[quantity]?.arrayValue ?? [])
        #expect(mine.count == theirs.count && !mine.isEmpty)
        for (depth, pair) in zip(mine, theirs).enumerated() {
          let worst = distance(numbers(pair.0), numbers(pair.1))
          #expect(worst <= tolerance, "\(quantity) at depth \(depth): \(worst)")
        }
      }
    }
  }

  @Test(arguments: LensBook.references) func gridsAgree(reference: LensBook.Reference) throws {
    let book = try LensBook()
    for grid in try #require(reference.values()["grid"]?.arrayValue) {
      let text = try #require(grid["text"]?.stringValue)
      guard !text.contains("\n") else { continue }
      let quoted = text.replacing("\"", with: "\\\"")
      let found = try book.result("<<logitlens \(reference.model) \"\(quoted)\" last=3 mid=on>>")
      let ids = try #require(grid["top10"]?.arrayValue)
      for (depth, row) in ids.enumerated() {
        for (column, wanted) in (row.arrayValue ?? []).enumerated() {
          let mine = try #require(found["top10"]?.arrayValue?[depth].arrayValue?[column].arrayValue)
          let first = try book.text(of: try #require(wanted.arrayValue?.first?.intValue), reference.model)
          #expect(found["top"]?.arrayValue?[depth].arrayValue?[column].stringValue == first)
          let probabilities = grid["top10_p"]?.arrayValue?[depth].arrayValue?[column]
          #expect(distance(mine.map { $0["probability"]?.doubleValue }, numbers(probabilities)) < 1e-4)
        }
      }
      let mid = try #require(grid["mid"])
      for (block, id) in (mid["top1"]?.arrayValue ?? []).enumerated() {
        let shown = found["mid"]?["top"]?.arrayValue?[block].arrayValue?.last?.stringValue
        #expect(try shown == book.text(of: try #require(id.intValue), reference.model))
      }
      let middles = found["mid"]?["probability"]?.arrayValue?.map { $0.arrayValue?.last?.doubleValue } ?? []
      #expect(distance(middles, numbers(mid["probability"])) < 1e-4)
    }
  }

  @Test(arguments: LensBook.references) func curvesOfACorpusAgree(reference: LensBook.Reference) throws {
    let book = try LensBook()
    let curves = try #require(try reference.values()["curves"])
    let dataset = reference.model == "stories260K" ? "stories" : "atlas"
    let count = try #require(curves["texts"]?.intValue)
    for quantity in ["entropy", "kl", "ce", "maxprob"] {
      let found = try book.result("<<lens \(quantity) \(reference.model) dataset=\(dataset) n=\(count)>>")
      #expect(found["positions"]?.intValue == curves["positions"]?.intValue)
      #expect(found["bytes"]?.intValue == curves["bytes"]?.intValue)
      let worst = distance(numbers(found["mean"]), numbers(curves[quantity]))
      #expect(worst < 1e-4, "\(quantity): \(worst)")
    }
    let bits = try book.result("<<lens ce \(reference.model) dataset=\(dataset) n=\(count) unit=bits-per-byte>>")
    #expect(distance(numbers(bits["mean"]), numbers(curves["bits_per_byte"])) < 1e-4)
  }

  @Test(arguments: LensBook.references) func movementsAgree(reference: LensBook.Reference) throws {
    let book = try LensBook()
    let values = try #require(try reference.values()["convergence"])
    let dataset = reference.model == "stories260K" ? "stories" : "atlas"
    let count = try #require(values["last"]?["texts"]?.intValue)
    let found = try book.result("<<convergence \(reference.model) dataset=\(dataset) n=\(count)>>")
    #expect(distance(numbers(found["distance"]), numbers(values["distance"])) < 1e-6)
    for (mine, theirs) in [
      ("score", "score"), ("score_per_token", "score_per_token"), ("last_distance", "last_distance"),
      ("last_ratio", "last_ratio"), ("post_norm_distance", "post_norm_last"), ("pre_norm_distance", "last_distance"),
    ] {
      let difference = abs((found[mine]?.doubleValue ?? .nan) - (values[theirs]?.doubleValue ?? .infinity))
      #expect(difference < 1e-4, "\(mine): \(difference)")
    }
    let last = try book.result("<<convergence \(reference.model) dataset=\(dataset) n=\(count) position=last>>")
    #expect(distance(numbers(last["distance"]), numbers(values["last"]?["distance"])) < 1e-6)
    let post = try book.result("<<convergence \(reference.model) dataset=\(dataset) n=\(count) final=post>>")
    #expect(abs((post["last_distance"]?.doubleValue ?? .nan) - (values["post_norm_last"]?.doubleValue ?? 0)) < 1e-6)
  }

  @Test(arguments: LensBook.references) func componentsAgree(reference: LensBook.Reference) throws {
    let book = try LensBook()
    let values = try reference.values()
    let text = try #require(values["grid"]?.arrayValue?.first?["text"]?.stringValue)
    for (norm, name) in [("none", "raw"), ("unit", "unit")] {
      let found = try book.result("<<pca \(reference.model) \"\(text)\" last=3 norm=\(norm)>>")
      let theirs = try #require(values["pca"]?[name])
      #expect(distance(numbers(found["explained"]), numbers(theirs["explained"])) < 1e-5)
      let mine = found["coordinates"]?.arrayValue?.flatMap { numbers($0) } ?? []
      let wanted = theirs["coordinates"]?.arrayValue?.flatMap { numbers($0) } ?? []
      let size = wanted.compactMap { $0.map(abs) }.max() ?? 1
      #expect(distance(mine, wanted) < 1e-4 * size)
    }
  }

  @Test(arguments: LensBook.references) func lastWordsAgree(reference: LensBook.Reference) throws {
    let book = try LensBook()
    let values = try reference.values()
    for (field, dataset) in [
      ("last_word", "last-word"), ("last_word/atlas/last-word.jsonl", "last-word"),
      ("last_word/lambada/lambada_test.jsonl", "lambada"),
    ] {
      guard let wanted = values[field], let count = wanted["texts"]?.intValue else { continue }
      let found = try book.result("<<lambada \(reference.model) dataset=\(dataset) n=\(count)>>")
      #expect(numbers(found["accuracy"]) == numbers(wanted["accuracy"]))
      #expect(distance(numbers(found["perplexity"]), numbers(wanted["perplexity"]), relative: true) < 1e-4)
      #expect(found["target_tokens"] == wanted["target_tokens"])
      #expect(found["truncated"] == wanted["truncated"])
      #expect(found["window"] == wanted["window"])
    }
  }

  @Test(.enabled(if: SharedMaterial.isPresent), arguments: LensBook.references.dropFirst())
  func perplexitiesOfWikitextAgree(reference: LensBook.Reference) throws {
    let book = try LensBook()
    let wanted = try #require(try reference.values()["wikitext"])
    let found = try book.result("<<wikitext \(reference.model) dataset=wikitext n=\(wanted["pages"]?.intValue ?? 0)>>")
    for count in ["words", "bytes", "tokens", "windows", "window"] {
      #expect(found[count] == wanted[count], "\(count)")
    }
    for name in ["word_perplexity", "byte_perplexity", "token_perplexity"] {
      let worst = distance(numbers(found[name]), numbers(wanted[name]), relative: true)
      // A word's perplexity of 10³¹ magnifies what float32 leaves of its logarithm.
      #expect(worst < 1e-4 || name == "word_perplexity" && worst < 1e-3, "\(name): \(worst)")
    }
    for name in ["bits_per_byte", "log10_word_perplexity"] {
      #expect(distance(numbers(found[name]), numbers(wanted[name]), relative: true) < 1e-6, "\(name)")
    }
  }
}
