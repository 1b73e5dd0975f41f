import Files
import Foundation
import Tensors
import TestSupport
import Testing
import Transformers

@Suite struct ShortenedCheckpointTests {
  /// A map near the identity, so that what runs behind it stays finite.
  private static func map(_ width: Int, bias: Bool) -> StreamMap {
    var stream = RandomStream(seed: 9, stream: "test.map")
    let values = (0..<width * width).map { index -> Float in
      (index % (width + 1) == 0 ? 0.9 : 0) + 0.06 * Float(stream.uniform() - 0.5)
    }
    return StreamMap(
      weights: Matrix(rows: width, columns: width, values: values),
      bias: bias ? (0..<width).map { 0.02 * Float($0 % 5) } : nil)
  }

  /// h_L of a model with a span left out, and its logits.
  private static func bypassed(_ model: Model, _ span: Range<Int>, _ map: StreamMap?, _ texts: [[Int]]) throws
    -> (states: Matrix, logits: Matrix)
  {
    let run = try ModelRun(model, texts)
    try run.advance(
      to: model.configuration.blocks,
      taps: [
        .replace(.block, blocks: [span.lowerBound]) { _, h in map?.applied(to: h) ?? h },
        .skip(blocks: Set(span.dropFirst())),
      ])
    let states = try run.allStates()
    return (states, try model.logits(of: states))
  }

  private static func written(_ model: Model, _ span: Range<Int>, _ map: StreamMap?) throws
    -> (folder: TemporaryDirectory, model: Model)
  {
    let folder = try TemporaryDirectory()
    let target = folder.path + "/short"
    try ShortenedCheckpoint(model, without: span, map: map).write(to: target)
    #expect(try listing(folder.path) == ["short"], "nothing is left beside it")
    return (folder, try Model.open(target))
  }

  @Test(arguments: FixtureModels.causal) func whatWasWrittenRunsAsTheBypass(fixture: String) throws {
    let model = try FixtureModels.open(fixture)
    let c = model.configuration
    guard c.hasHead else { return }
    let texts = FixtureModels.texts(model)
    for (span, bias) in [(0..<1, false), (0..<1, true), (1..<2, false), (1..<c.blocks, true)] {
      for map in [nil, Self.map(c.width, bias: bias)] {
        let (folder, short) = try Self.written(model, span, map)
        let expected = try Self.bypassed(model, span, map, texts)
        let found = try ModelRun(short, texts)
        try found.advance(to: short.configuration.blocks)
        let states = try found.allStates()
        let place = "\(fixture) \(span) \(map == nil ? "skip" : "map")"
        #expect(short.configuration.blocks == c.blocks - span.count)
        if map == nil || span.lowerBound > 0 {
          // The same products in the same order: not a bit may differ.
          #expect(states == expected.states, "\(place)")
          #expect(short.configuration.streamMap?.level == (map == nil ? nil : span.lowerBound))
        } else {
          #expect(short.configuration.streamMap == nil && !short.configuration.isTied)
          #expect(relativeDifference(states.values, expected.states.values) < 1e-4, "\(place)")
        }
        let logits = try short.logits(of: states)
        #expect(relativeDifference(logits.values, expected.logits.values) < 1e-4, "\(place)")
        withExtendedLifetime(folder) {}
      }
    }
  }

  @Test func decodingAndCapturesPassTheLayer() throws {
    let model = try FixtureModels.open("llama")
    let map = Self.map(model.configuration.width, bias: true)
    let (folder, short) = try Self.written(model, 1..<2, map)
    let prompt = [5, 17, 3, 40]
    let taps: [Tap] = [.replace(.block, blocks: [1]) { _, h in map.applied(to: h) }]
    #expect(
      try short.generate(12, after: prompt, stopTokens: []).map(\.id)
        == model.generate(12, after: prompt, stopTokens: [], taps: taps).map(\.id))
    let states = try short.capture([CaptureRequest(ids: prompt)])
    #expect(states.count == short.configuration.blocks + 1)
    #expect(try states[states.count - 1] == Self.bypassed(model, 1..<2, map, [prompt]).states)
    // From saved states: h at the layer's level is what the layer gave.
    let upper = try ModelRun(short, states: states[1], lengths: [prompt.count], level: 1)
    try upper.advance(to: short.configuration.blocks)
    #expect(try upper.allStates() == states[states.count - 1])
    withExtendedLifetime(folder) {}
  }

  @Test func whatTakesAModelApartRefusesIt() throws {
    let model = try FixtureModels.open("llama")
    let (folder, short) = try Self.written(model, 1..<2, Self.map(model.configuration.width, bias: false))
    for refused in [{ try short.requirePreNorm() }, { _ = try ParameterList(short) }] as [() throws -> Void] {
      let error = try #require(throws: ModelError.self) { try refused() }
      #expect(error.code == .unsupported && error.reason.contains("a linear layer stands before block 1"))
    }
    let again = try #require(throws: ModelError.self) {
      _ = try ShortenedCheckpoint(short, without: 0..<1, map: nil)
    }
    #expect(again.code == .unsupported)
    withExtendedLifetime(folder) {}
  }

  @Test func whatCannotBeShortenedIsSaid() throws {
    func reason(_ fixture: String, _ span: Range<Int>) throws -> String {
      let model = try FixtureModels.open(fixture)
      return try #require(throws: ModelError.self) {
        _ = try ShortenedCheckpoint(model, without: span, map: nil)
      }.reason
    }
    let llama = try FixtureModels.open("llama")
    #expect(try reason("llama", 0..<llama.configuration.blocks).hasSuffix("at least one of its blocks must stay"))
    #expect(try reason("bert", 0..<1).hasSuffix("BERT is no decoder"))
    let folder = try TemporaryDirectory()
    try AtomicFile.write([1], to: folder.path + "/kept", durable: false)
    let error = try #require(throws: FileError.self) {
      try ShortenedCheckpoint(llama, without: 0..<1, map: nil).write(to: folder.path)
    }
    #expect(error.reason == "the folder is there and not empty")
    #expect(try listing(folder.path) == ["kept"])
  }

  @Test func theDeclarationIsChecked() throws {
    let model = try FixtureModels.open("llama")
    let (folder, _) = try Self.written(model, 1..<2, Self.map(model.configuration.width, bias: false))
    let path = folder.path + "/short/config.json"
    let text = String(decoding: try readFile(path), as: UTF8.self)
    #expect(text.contains("\"model_type\": \"layerbook_bypass_llama\""))
    func failure(_ old: String, _ new: String) throws -> String {
      #expect(text.contains(old))
      try AtomicFile.write(Array(text.replacingOccurrences(of: old, with: new).utf8), to: path, durable: false)
      return try #require(throws: ModelError.self) { _ = try Model.open(folder.path + "/short") }.reason
    }
    #expect(try failure("\"level\": 1", "\"level\": 40").hasPrefix("'layerbook_bypass.level' is 40, and there are"))
    #expect(try failure("\"level\": 1", "\"level\": 0").contains("'layerbook_bypass.level' is 0"))
    #expect(try failure("\"bias\": false", "\"bias\": true").contains("bypass.bias"))
    #expect(try failure("\"model_type\": \"llama\"", "\"model_type\": \"lama\"").contains("'lama'"))
    let python = String(decoding: try readFile(folder.path + "/short/modeling_bypass.py"), as: UTF8.self)
    #expect(python.contains("class BypassForCausalLM(LlamaForCausalLM):"))
  }
}
