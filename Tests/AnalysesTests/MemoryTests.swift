import Analyses
import Tensors
import TestSupport
import Testing
import Transformers

/// What must hold of memories whatever the model, and what is known of planted ones.
@Suite struct MemoryTests {
  /// Invariant 19: trigger, value and agreement all recover a planted memory, and a shift by one token does not.
  @Test func aPlantedMemoryIsFound() throws {
    let planted = try PlantedMemories()
    let corpus = PrefixCorpus(PlantedMemories.texts, beginning: 0)
    let tables = try planted.model.triggers(in: corpus, count: 4)
    let last = PlantedMemories.vocabulary - 1
    for norm in ProjectionNorm.allCases {
      let values = try planted.model.readValues(norm)
      for sign in TriggerSign.allCases {
        let table = try #require(tables[sign])
        for neuron in 1..<last {
          let first = try #require(table[0, neuron].first)
          #expect(corpus.tokens(Int(first.text), Int(first.position)).last == neuron)
          #expect(Int(first.next) == PlantedMemories.follower(neuron))
          #expect(values.positive.top[0][neuron] == PlantedMemories.follower(neuron))
          // A shift by one would take the prefix's own last token for what follows.
          #expect(corpus.texts[Int(first.text)][Int(first.position)] != values.positive.top[0][neuron])
        }
        let agreement = TriggerAgreement(table, values, count: 4)
        // Neuron 0's key is the beginning of the text, which is no prefix; the last one's value is nothing.
        #expect(agreement.rate[0] >= Double(last - 1) / Double(last + 1))
        #expect(agreement.rate[0] < 1)
        #expect(try #require(agreement.chance[0]) < 0.1)
      }
    }
  }

  @Test func aValueOfZerosGetsNothing() throws {
    let planted = try PlantedMemories()
    let corpus = PrefixCorpus(PlantedMemories.texts, beginning: 0)
    let table = try #require(try planted.model.triggers(in: corpus, count: 4)[.absolute])
    let last = PlantedMemories.vocabulary - 1
    for norm in ProjectionNorm.allCases {
      let values = try planted.model.readValues(norm, tokens: table.triggers.map { $0.map { Int($0[0].next) } })
      for block in 0..<2 {
        #expect(values.length[block][last] == 0)
        for end in [values.positive, values.negative] {
          #expect(end.top[block][last] == -1 && end.rank[block][last] == 0)
          #expect(end.rank[block].dropLast().allSatisfy { $0 >= 1 })
        }
      }
      #expect(TriggerAgreement(table, values, count: 4).undefined == [1, 1])
      #expect(!PredictiveValue.ranking(table, values, count: 4).contains { $0.neuron == last })
    }
  }

  /// Invariant 20, in every norm and family whose stream is a sum.
  @Test(arguments: ["gpt2", "llama", "qwen2", "families/gpt_neox", "families/gptj", "families/gemma2"])
  func casesAddUpAndALinearProjectionHasNoVeto(name: String) throws {
    guard let model = try? Model.open(ProjectRoot.fixture(name)), model.configuration.hasHead else {
      Issue.record("no fixture \(name)")
      return
    }
    let v = model.configuration.vocabulary
    let requests = (0..<5).map { text in
      CaptureRequest(ids: (0..<8).map { ($0 * 31 + text * 17 + 7) % v }, positions: [2, 5, 7])
    }
    for norm in ProjectionNorm.allCases {
      let found = try model.memoryReadings(at: requests, values: model.readValues(norm), norm: norm, whole: norm)
      #expect(found.count == 15)
      for block in found.blocks.indices {
        #expect(abs(MemoryCase.allCases.reduce(0) { $0 + (found.shares($1)[block] ?? 0) } - 1) < 1e-12)
      }
      if norm != .recompute { #expect(found.shares(.veto).allSatisfy { $0 == 0 }) }
      for reading in found.blocks.joined() {
        #expect(reading.effective >= 1 - 1e-9)
        #expect(reading.effective <= Double(model.configuration.ffnWidth) + 1e-6)
        #expect((0...1).contains(reading.confidence))
      }
      // In small batches the same, but for what BLAS rounds.
      let parts = try model.memoryReadings(
        at: requests, values: model.readValues(norm), norm: norm, whole: norm, memory: 1)
      #expect(parts.places == found.places)
      #expect(zip(parts.blocks.joined(), found.blocks.joined()).allSatisfy { $0 == $1 })
    }
  }

  /// Neither threads nor memory change a trigger.
  @Test func aSearchIsTheSameHoweverItIsRun() throws {
    let model = try Model.open(ProjectRoot.fixture("llama"))
    let v = model.configuration.vocabulary
    let texts = (0..<40).map { text in (0..<3 + text % 9).map { ($0 * 13 + (text / 3) * 7 + 1) % v } }
    let corpus = PrefixCorpus(texts, beginning: nil)
    let whole = try model.triggers(in: corpus, count: 5)
    let small = try model.triggers(in: corpus, count: 5, options: CaptureOptions(memory: 1))
    #expect(whole == small)
    for sign in TriggerSign.allCases {
      let table = try #require(whole[sign])
      for triggers in table.triggers.joined() {
        let scores = triggers.map { sign == .absolute ? abs($0.coefficient) : $0.coefficient }
        for (a, b) in zip(triggers.indices, triggers.indices.dropFirst()) {
          #expect(scores[a] > scores[b] || (scores[a] == scores[b] && triggers[a].text < triggers[b].text))
        }
        #expect(Set(triggers.map(\.text)).count == triggers.count)
      }
    }
    // The first of a longer list is the shorter list, whatever is cut off.
    let longer = try model.triggers(in: corpus, count: 20)
    for sign in TriggerSign.allCases {
      let (a, b) = (try #require(whole[sign]), try #require(longer[sign]))
      #expect(zip(a.triggers.joined(), b.triggers.joined()).allSatisfy { $0.elementsEqual($1.prefix(5)) })
    }
  }

  /// Candidates of the parts of a corpus make the lists that a search over all of it makes, also where texts share
  /// prefixes that round otherwise in another chunk.
  @Test(arguments: ["gpt2", "llama"]) func candidatesOfPartsMakeTheListsOfTheWhole(name: String) throws {
    let model = try Model.open(ProjectRoot.fixture(name))
    let c = model.configuration
    // Texts of some beginnings, over and over, and some that are like no other.
    let texts = (0..<1500).map { text in
      (0..<4 + text % 7).map { ($0 * 13 + (text % 5 == 0 ? text : text % 11) * 7 + 1) % c.vocabulary }
    }
    let corpus = PrefixCorpus(texts, beginning: nil)
    let chunks = ModelRun.chunks(lengths: corpus.searched.map(\.causalLength))
    #expect(chunks.count > 3)
    for count in [1, 12] {
      let whole = try model.triggers(in: corpus, count: count)
      for cuts in [[0, 1, chunks.count], [0, 2, 3, chunks.count], Array(0...chunks.count)] {
        var all = TriggerCandidates(blocks: c.blocks, neurons: c.ffnWidth)
        for (first, end) in zip(cuts, cuts.dropFirst()) {
          let part = chunks[first].lowerBound..<chunks[end - 1].upperBound
          let found = try model.triggerCandidates(in: corpus, part: part, count: count)
          // Of texts that have no others before them few are candidates.
          if first == 0, count == 1 {
            #expect((found.series["signed.0.texts"]?.count ?? .max) < part.count * c.ffnWidth / 4)
          }
          let isAdded = all.add(series: found.series)
          #expect(isAdded)
        }
        #expect(all.tables(in: corpus, count: count) == whole, "\(count), \(cuts)")
      }
    }
    var none = TriggerCandidates(blocks: c.blocks, neurons: c.ffnWidth)
    let isAdded = none.add(series: TriggerCandidates(blocks: c.blocks, neurons: c.ffnWidth + 1).series)
    #expect(!isAdded)
  }

  /// Readings of parts, one after the other, are those of the whole to the last bit.
  @Test(arguments: [ProjectionNorm.frozen, .none, .recompute], [Int.max, 100_000])
  func readingsOfPartsAddUp(norm: ProjectionNorm, memory: Int) throws {
    let model = try Model.open(ProjectRoot.fixture("llama"))
    let c = model.configuration
    let requests = (0..<1200).map { text in
      // Some texts are not read at all.
      CaptureRequest(
        ids: (0..<9).map { ($0 * 31 + text * 17 + 7) % c.vocabulary },
        positions: text % 7 == 6 ? [] : [1, 3 + text % 5])
    }
    let values = try model.readValues(norm)
    let whole = try model.memoryReadings(at: requests, values: values, norm: norm, whole: norm, memory: memory)
    let chunks = ModelRun.chunks(lengths: requests.map(\.causalLength))
    #expect(chunks.count > 2)
    var all = MemoryReadings(blocks: c.blocks)
    for part in chunks {
      let found = try model.memoryReadings(
        at: requests, part: part, values: values, norm: norm, whole: norm, memory: memory)
      let isAdded = all.add(series: found.series)
      #expect(isAdded)
    }
    #expect(all == whole)
    let isAdded = all.add(series: ["text": [1]])
    #expect(!isAdded && all == whole)
  }

  /// Neither do threads change what is read of positions, of values and of triggers.
  @Test(arguments: ["gpt2", "llama"]) func threadsChangeNothing(_ name: String) throws {
    let model = try Model.open(ProjectRoot.fixture(name))
    let v = model.configuration.vocabulary
    let texts = (0..<30).map { text in (0..<4 + text % 9).map { ($0 * 13 + (text / 3) * 7 + 1) % v } }
    let corpus = PrefixCorpus(texts, beginning: nil)
    let requests = texts.map { CaptureRequest(ids: $0, positions: [1, $0.count - 1]) }
    let threads = Compute.threads
    defer { Compute.threads = threads }
    let found = try [1, 2, 3].map { count in
      Compute.threads = count
      let (tables, values) = (try model.triggers(in: corpus, count: 5), try model.readValues(.frozen))
      let readings = try model.memoryReadings(at: requests, values: values, norm: .frozen, whole: .recompute)
      return (tables, values.positive.top, values.length, readings)
    }
    for other in found.dropFirst() {
      #expect(other.0 == found[0].0 && other.1 == found[0].1 && other.2 == found[0].2 && other.3 == found[0].3)
    }
  }

  /// A search against every coefficient of every prefix.
  @Test func findsWhatLookingAtEverythingFinds() throws {
    let model = try Model.open(ProjectRoot.fixture("gpt2"))
    let v = model.configuration.vocabulary
    // No two texts begin alike: nothing is tied.
    let texts = (0..<12).map { text in (0..<6).map { ($0 * $0 * 5 + text * 11 + 2) % v } }
    let corpus = PrefixCorpus(texts, beginning: nil)
    var best: [[[(text: Int, position: Int, m: Float)]]] = Array(
      repeating: Array(repeating: [], count: model.configuration.ffnWidth), count: model.configuration.blocks)
    for (text, ids) in texts.enumerated() {
      try model.capture(
        [CaptureRequest(ids: ids, positions: [4])],
        taps: [
          .read(.ffnActivation) { visit, values in
            for neuron in 0..<values.columns {
              for (row, position) in visit.positions.enumerated() {
                best[visit.block][neuron].append((text, position, values[row, neuron]))
              }
            }
          }
        ])
    }
    let table = try #require(try model.triggers(in: corpus, count: 3)[.signed])
    for block in best.indices {
      for neuron in best[block].indices {
        var seen: Set<Int> = []
        let wanted = best[block][neuron].sorted { $0.m > $1.m }.filter { seen.insert($0.text).inserted }.prefix(3)
        for (found, wanted) in zip(table[block, neuron], wanted) {
          #expect(abs(found.coefficient - wanted.m) < 1e-5)
        }
      }
    }
  }

  @Test func prefixesThatAreAlikeHaveOneNumberAndTiesAreSeen() throws {
    let corpus = PrefixCorpus([[0, 5, 6, 7], [0, 5, 6, 8], [0, 9], [0]], beginning: 0)
    #expect(corpus.count == 2 + 2 + 0 + 0)
    #expect(corpus.positions(0) == 1..<3 && corpus.positions(2).isEmpty && corpus.positions(3).isEmpty)
    #expect(corpus.next(1, 2) == 8)
    let model = try Model.open(ProjectRoot.fixture("llama"))
    let table = try #require(try model.triggers(in: corpus, count: 2)[.absolute])
    for block in table.triggers.indices {
      for (neuron, triggers) in table.triggers[block].enumerated() {
        #expect(triggers.map(\.text) == [0, 1] && triggers[0].coefficient == triggers[1].coefficient)
        // After the whole of both prefixes 7 and 8 follow; after the first token of both the same one does.
        #expect(table.tiedFirst[block][neuron] == (triggers[0].position == 2))
      }
    }
  }

  @Test func takingATokenAwayIsARunWithoutIt() throws {
    let planted = try PlantedMemories()
    let corpus = PrefixCorpus(PlantedMemories.texts, beginning: 0)
    let table = try #require(try planted.model.triggers(in: corpus, count: 3)[.absolute])
    let triggers = table[0, 5].map { NeuronTrigger(block: 0, neuron: 5, trigger: $0) }
    let found = try planted.model.removingTokens(from: triggers, in: corpus) { _ in 0 }
    #expect(found.changes.count + found.tooShort == triggers.count && !found.changes.isEmpty)
    for change in found.changes {
      // Without attention the last token is all that counts: only its loss changes anything.
      #expect(abs(try #require(change.changes[.first])) < 1e-6)
      #expect(abs(try #require(change.changes[.random])) < 1e-6)
      #expect(try #require(change.changes[.last]) < -0.5)
    }
  }

  @Test func patternsAreWhatAtLeastThreePrefixesShare() throws {
    // Token 3 ends three prefixes; 9 stands in three of them and in no other text.
    let texts =
      [[9, 4, 3, 1], [9, 5, 3, 1], [9, 6, 3, 1], [7, 8, 10, 1], [11, 12, 13, 2]]
      + (0..<24).map { [30 + $0, 1, 2, 1] }
    let corpus = PrefixCorpus(texts, beginning: nil)
    func trigger(_ text: Int32) -> Trigger { Trigger(text: text, position: 2, next: 1, coefficient: 1) }
    let found = TriggerPatterns((0..<5).map { trigger(Int32($0)) }, in: corpus, TokenStatistics(corpus))
    #expect(found.kinds == [.both, .both, .both, .none, .none])
    #expect(found.shared.map(\.token).contains(3) && found.shared.map(\.token).contains(9))
    #expect(found.kind == .both)
    #expect(
      TriggerPatterns([trigger(0), trigger(0), trigger(0)], in: corpus, TokenStatistics(corpus)).kinds == [.none])
  }

  @Test func chanceIsTheMeanOverAllOtherPairs() throws {
    let triggers = [3, 4, 4, 5].map { [Trigger(text: 0, position: 1, next: Int32($0), coefficient: 1)] }
    let table = TriggerTable(.absolute, triggers: [triggers], tiedFirst: [[false, false, false, false]])
    var values = ValueReadings()
    values.positive.top = [[3, 4, 5, 4]]
    values.positive.probability = [[1, 1, 1, 1]]
    values.length = [[1, 1, 1, 1]]
    let found = TriggerAgreement(table, values, count: 1)
    #expect(found.rate == [0.5])
    // Of the others' tokens 3 finds none among 4 4 5, 4 finds one among 3 4 5, 5 one among 3 4 5, 4 two among 3 4 4.
    #expect(abs(try #require(found.chance[0]) - 4.0 / 12) < 1e-12)
  }
}
