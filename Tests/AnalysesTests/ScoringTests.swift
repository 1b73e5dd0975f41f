import Analyses
import Foundation
import TestSupport
import Testing
import Transformers

@Suite struct ScoringTests {
  private func model(_ name: String) throws -> Model { try Model.open(ProjectRoot.asset("models/" + name)) }

  /// Every id is scored once, from at most a window of ids before it.
  @Test(arguments: [1, 2, 3, 5, 8, 21, 22]) func windowsScoreEveryTokenOnce(count: Int) {
    let ids = Array(100..<100 + count)
    for window in [1, 2, 3, 7, 22, 50] {
      let windows = RollingWindows.windows(of: ids, prefix: 7, window: window)
      #expect(windows.flatMap(\.targets) == ids)
      for part in windows {
        #expect(part.ids.count <= window && part.positions.last == part.ids.count - 1)
        for (position, target) in zip(part.positions, part.targets) {
          #expect(part.ids[position] == (target == 100 ? 7 : target - 1), "each is scored after the one before it")
        }
      }
      // All but the first and the last begin with one token of context; the last reaches back as far as it may.
      for part in windows.dropFirst().dropLast() { #expect(part.positions.first == 0) }
      if windows.count > 1 { #expect(windows[windows.count - 1].ids.count == window) }
    }
  }

  @Test func lastWordsAreFoundAtTheLastSpace() throws {
    let codes: (String) -> [Int] = { [1] + $0.unicodeScalars.map { Int($0.value) } }
    let word = try #require(LastWord(of: "ab cd", window: 100, encode: codes))
    #expect(word.text.targets == Array(codes(" cd").dropFirst()))
    #expect(word.text.ids == codes("ab c") && word.text.positions == [2, 3, 4] && !word.isCut)
    // Spaces before the word belong to it.
    let spaced = try #require(LastWord(of: "ab  cd", window: 100, encode: codes))
    #expect(spaced.text.targets == Array(codes("  cd").dropFirst()))
    for text in ["word", "", " ", "word ", " word"] { #expect(LastWord(of: text, window: 9, encode: codes) == nil) }
    let cut = try #require(LastWord(of: "abcdefgh ij", window: 5, encode: codes))
    #expect(cut.isCut && cut.text.ids.count == 5 && cut.text.targets.count == 3)
  }

  /// A word of two tokens counts only where both are the argmax.
  @Test func wordsOfSeveralTokensNeedAllOfThem() {
    let scores = DepthScores(logLikelihood: [[-1, -3]], isHit: [[true, false]])
    let words = LastWordScores(scores)
    #expect(words.correct == [1] && words.meanLoss == [2])
  }

  /// Scores of parts, one after the other, are those of the whole to the last bit, in one group of texts or in several.
  @Test(arguments: [1 << 30, 1]) func scoresOfPartsAddUp(memory: Int) throws {
    let model = try Model.open(ProjectRoot.fixture("llama"))
    let v = model.configuration.vocabulary
    let texts = (0..<2000).map { text in
      let ids = (0..<8).map { ($0 * 31 + text * 17 + 7) % v }
      return ScoredText(ids: ids, positions: [1, 2 + text % 5], targets: [ids[2], ids[3 + text % 5]])
    }
    let options = CaptureOptions(memory: memory)
    let whole = try model.scoreDepths(texts, options: options)
    let chunks = ModelRun.chunks(lengths: texts.map { ($0.positions.last ?? 0) + 1 })
    #expect(chunks.count > 4)
    for cuts in [[0, 1, chunks.count], [0, 2, 3, chunks.count], Array(0...chunks.count)] {
      var all = DepthScores(blocks: model.configuration.blocks)
      for (first, end) in zip(cuts, cuts.dropFirst()) {
        let part = chunks[first].lowerBound..<chunks[end - 1].upperBound
        let isAdded = all.add(series: try model.scoreDepths(texts, part: part, options: options).series)
        #expect(isAdded)
      }
      #expect(all == whole)
    }
  }

  @Test(arguments: ["atlas-llama", "atlas-gpt2"]) func scoresAreThoseOfTheModelsOwnLogits(name: String) throws {
    let model = try model(name)
    let ids = [5, 300, 17, 900, 44]
    let forward = try model.forward(ids)
    let logits = try #require(forward.logits)
    let text = ScoredText(ids: ids, positions: [1, 2, 3], targets: [17, 900, 44])
    let scores = try model.scoreDepths([text, text])
    let wanted = (1...3).reduce(0.0) { sum, position in
      let row = logits.row(position).map(Double.init)
      let largest = row.max() ?? 0
      return sum + row[ids[position + 1]] - largest - row.reduce(0) { $0 + exp($1 - largest) }.logarithm
    }
    #expect(abs((scores.logLikelihood.last?[0] ?? 0) - wanted) < 1e-5 * 3)
    #expect(scores.logLikelihood.allSatisfy { abs($0[0] - $0[1]) < 1e-4 * max(1, abs($0[0])) })
    #expect(scores.logLikelihood.count == model.configuration.blocks + 1)
  }

  /// The last row of every lens is the model: same logits, no divergence, whatever the tile.
  @Test(arguments: ["atlas-llama", "atlas-gpt2"]) func theLastDepthReadsAsTheModel(name: String) throws {
    let model = try model(name)
    let forward = try model.forward([5, 300, 17, 900, 44])
    let logits = try #require(forward.logits)
    let final = forward.hidden[forward.hidden.count - 1]
    for tileBytes in [1, 3 * 2048 * 4 * 2, 64 << 20] {
      let read = try model.compareLogits(
        of: forward.hidden, with: final, tokens: { _, own in own.top.map(\.token) + [33] }, top: 5, tileBytes: tileBytes
      )
      #expect(read.count == forward.hidden.count && read.allSatisfy { $0.count == 5 })
      for (position, reading) in (read.last ?? []).enumerated() {
        #expect(reading.divergence < 1e-6)
        for entry in reading.logits.chosen { #expect(abs(entry.logit - logits[position, entry.token]) < 1e-5) }
        #expect(reading.logits.chosen[0].token == reading.logits.top[0].token)
      }
      #expect(read[0].allSatisfy { $0.divergence > 0.1 })
    }
  }

  @Test func aUniformModelHasThePerplexityOfItsVocabulary() {
    // 2,048 equally likely tokens, 30 of them in 20 words.
    let scores = CorpusScores(logLikelihood: [-30 * 2048.0.logarithm])
    let perToken = scores.loss(per: 30)[0] ?? 0
    #expect(abs(exp(perToken) - 2048) < 1e-9)
    let perWord = scores.loss(per: 20)[0] ?? 0
    #expect(abs(perWord - 1.5 * 2048.0.logarithm) < 1e-12)
    #expect(scores.loss(per: 0) == [nil])
  }

  @Test func quartilesAreThoseOfNumpy() {
    #expect(Quartiles.of([1, 2, 3, 4]) == [1.75, 2.5, 3.25])
    #expect(Quartiles.of([5]) == [5, 5, 5])
    #expect(Quartiles.of([]) == [nil, nil, nil])
    let curve = DepthCurve([[1, nil, 3], [nil]])
    #expect(curve.mean == [2, nil] && curve.quartiles[1] == [nil, nil, nil])
  }
}

extension Double {
  fileprivate var logarithm: Double { log(self) }
}
