import Files
import JSONText
import TestSupport
import Testing
import Transformers

@Suite struct OpeningTests {
  private let ids = [1, 5, 9, 33, 2]

  private func logits(_ path: String) throws -> [Float] {
    try #require(try Model.open(path).forward(ids).logits).values
  }

  private func failure(_ path: String) throws -> String {
    let error = try #require(throws: ModelError.self) { try Model.open(path) }
    return error.description.replacing(path, with: "M")
  }

  @Test(arguments: [
    ("gpt2", "transformer."), ("llama-tied", "model."), ("bert", "bert."), ("families/qwen3", "model."),
    ("families/gpt_neox", "gpt_neox."), ("families/gptj", "transformer."), ("families/opt", "model."),
    ("families/opt-post-norm", "model.decoder."), ("families/roberta", "roberta."),
    ("families/distilbert", "distilbert."),
  ])
  func readsNamesWithoutPrefix(fixture: String, prefix: String) throws {
    let edited = try EditedCheckpoint(fixture)
    edited.rename { $0.hasPrefix(prefix) ? String($0.dropFirst(prefix.count)) : $0 }
    try edited.write()
    #expect(try logits(edited.path) == logits(ProjectRoot.fixture(fixture)))
  }

  @Test func ignoresBuffersThatHoldNoWeights() throws {
    let edited = try EditedCheckpoint("gpt2")
    edited.add("transformer.h.0.attn.bias", [1, 1, 256, 256])
    edited.add("transformer.h.4.attn.masked_bias", [])
    edited.add("score.weight", [2, 48])
    try edited.write()
    #expect(try logits(edited.path) == logits(ProjectRoot.fixture("gpt2")))
    let bert = try EditedCheckpoint("bert")
    bert.add("bert.embeddings.position_ids", [1, 256])
    bert.add("bert.pooler.dense.weight", [48, 48])
    try bert.write()
    #expect(try logits(bert.path) == logits(ProjectRoot.fixture("bert")))
  }

  @Test func readsNormsCalledGammaAndBeta() throws {
    let edited = try EditedCheckpoint("bert")
    edited.rename {
      $0.replacing("LayerNorm.weight", with: "LayerNorm.gamma").replacing("LayerNorm.bias", with: "LayerNorm.beta")
    }
    try edited.write()
    #expect(try logits(edited.path) == logits(ProjectRoot.fixture("bert")))
  }

  @Test func tiedCopyOfTheEmbeddingMustEqualIt() throws {
    let edited = try EditedCheckpoint("gpt2")
    var copy = try #require(edited.tensors.first { $0.name == "transformer.wte.weight" })
    copy.name = "lm_head.weight"
    edited.tensors.append(copy)
    try edited.write()
    #expect(try logits(edited.path) == logits(ProjectRoot.fixture("gpt2")))
    edited.set("lm_head.weight", at: 7, 3)
    try edited.write()
    #expect(
      try failure(edited.path) == "cannot load M: tensor 'lm_head.weight' differs from the embedding, although "
        + "config.json says that they are tied\nhint: set 'tie_word_embeddings' to false in config.json if the "
        + "checkpoint's own head is meant")
    edited.configure("tie_word_embeddings", false)
    try edited.write()
    #expect(try logits(edited.path) != logits(ProjectRoot.fixture("gpt2")))
  }

  @Test func modelsWithoutAHeadStillHaveStates() throws {
    let edited = try EditedCheckpoint("bert")
    edited.tensors.removeAll { $0.name.hasPrefix("cls.") }
    try edited.write()
    let model = try Model.open(edited.path)
    #expect(!model.configuration.hasHead)
    let pass = try model.forward(ids)
    #expect(pass.logits == nil && pass.hidden.count == 6)
    let error = try #require(throws: ModelError.self) { try model.logits(of: pass.hidden[5]) }
    #expect(
      error.description == "cannot run \(edited.path): the checkpoint has no head to compute logits with\n"
        + "hint: the masked language model's head, 'cls.predictions', is not in the checkpoint")
    #expect(throws: ModelError.self) { try model.finalNorm(pass.hidden[5]) }
  }

  @Test func tensorsMustBeThereInTheirShape() throws {
    let missing = try EditedCheckpoint("gpt2")
    missing.tensors.removeAll { $0.name == "transformer.h.3.mlp.c_fc.bias" }
    try missing.write()
    #expect(try failure(missing.path) == "cannot load M: tensor 'transformer.h.3.mlp.c_fc.bias' is missing")
    let shape = try EditedCheckpoint("gpt2")
    shape.configure("n_inner", 100)
    try shape.write()
    #expect(
      try failure(shape.path) == "cannot load M/model.safetensors: tensor 'transformer.h.0.mlp.c_fc.weight' has shape "
        + "[48, 192], expected [48, 100]")
    let vocabulary = try EditedCheckpoint("gpt2")
    vocabulary.configure("vocab_size", 601)
    try vocabulary.write()
    #expect(
      try failure(vocabulary.path) == "cannot load M/model.safetensors: tensor 'transformer.wte.weight' has shape "
        + "[600, 48], expected [601, 48]\nhint: the expected shape is from config.json's vocab_size and width")
  }

  @Test func tensorsMustHaveAPlace() throws {
    let fewer = try EditedCheckpoint("gpt2")
    fewer.configure("n_layer", 4)
    try fewer.write()
    #expect(
      try failure(fewer.path).hasSuffix("belongs to block 4, but config.json says that there are 4 blocks"))
    let extra = try EditedCheckpoint("llama-tied")
    extra.add("model.layers.2.self_attn.q_norm.weight", [16])
    try extra.write()
    #expect(
      try failure(extra.path) == "cannot load M: tensor 'model.layers.2.self_attn.q_norm.weight' has no place in this "
        + "architecture as config.json describes it")
  }

  @Test(arguments: [(Float.nan, "NaN"), (-.infinity, "infinite")])
  func weightsMustBeFinite(value: Float, word: String) throws {
    let edited = try EditedCheckpoint("gpt2")
    edited.set("transformer.h.2.attn.c_proj.weight", at: 48 * 7 + 5, value)
    try edited.write()
    let model = try Model.open(edited.path)
    let error = try #require(throws: ModelError.self) { try model.forward(ids) }
    #expect(
      error.description == "cannot load \(edited.path)/model.safetensors: tensor "
        + "'transformer.h.2.attn.c_proj.weight' has a value that is \(word) at [7, 5]")
    #expect(error.code == .notFinite)
  }

  @Test func embeddingRowsMustBeFiniteWhereUsed() throws {
    let edited = try EditedCheckpoint("gpt2")
    edited.set("transformer.wte.weight", at: 48 * 5, .nan)
    try edited.write()
    let model = try Model.open(edited.path)
    let error = try #require(throws: ModelError.self) { try model.forward(ids) }
    #expect(error.reason == "tensor 'transformer.wte.weight' has a value that is NaN at [5, 0]")
  }

  @Test func overflowingStatesAreAnError() throws {
    let edited = try EditedCheckpoint("gpt2")
    for index in 0..<48 { edited.set("transformer.h.1.mlp.c_proj.bias", at: index, 3e38) }
    for index in 0..<48 { edited.set("transformer.h.2.mlp.c_proj.bias", at: index, 3e38) }
    try edited.write()
    let error = try #require(throws: ModelError.self) { try Model.open(edited.path).forward(ids) }
    #expect(error.reason == "hidden state h_3 is not finite at position 0, coordinate 0")
  }

  @Test func missingFilesAreNamed() throws {
    let folder = try TemporaryDirectory()
    #expect(try failure(folder.path) == "cannot load M/config.json: no such file or directory")
    #expect(try failure(folder.path + "/none").hasSuffix("no such file or directory"))
    try AtomicFile.write(readFile(ProjectRoot.fixture("gpt2/config.json")), to: folder.path + "/config.json")
    #expect(try failure(folder.path) == "cannot load M: the folder has no .safetensors file")
  }
}
