import TestSupport
import Testing
import Transformers

/// What the families ask of their tensors.
@Suite struct FamilyOpeningTests {
  private func failure(_ edited: EditedCheckpoint) throws -> String {
    try edited.write()
    let error = try #require(throws: ModelError.self) { try Model.open(edited.path) }
    return error.description.replacing(edited.path, with: "M")
  }

  /// A tensor's name, its shape in the fixture and one that the architecture does not have.
  @Test(arguments: [
    ("qwen3", "model.layers.1.self_attn.q_norm.weight", [12], [48]),
    ("gemma3", "model.layers.2.self_attn.k_norm.weight", [8], [16]),
    ("olmo2", "model.layers.0.self_attn.q_norm.weight", [32], [8]),
    ("olmo2", "model.layers.0.self_attn.k_norm.weight", [16], [32]),
    ("gemma2", "model.layers.1.pre_feedforward_layernorm.weight", [32], [8]),
    ("phi3", "model.layers.1.self_attn.qkv_proj.weight", [64, 32], [96, 32]),
    ("phi3", "model.layers.1.mlp.gate_up_proj.weight", [80, 32], [40, 32]),
    ("gpt_neox", "gpt_neox.layers.0.attention.query_key_value.bias", [96], [32]),
    ("gptj", "lm_head.bias", [48], [32]), ("opt", "model.decoder.embed_positions.weight", [66, 32], [64, 32]),
    ("roberta", "roberta.embeddings.position_embeddings.weight", [64, 32], [66, 32]),
    ("roberta", "lm_head.layer_norm.bias", [32], [48]), ("distilbert", "vocab_projector.bias", [48], [32]),
  ])
  func tensorsMustHaveTheFamilysShape(fixture: String, name: String, right: [Int], wrong: [Int]) throws {
    let edited = try EditedCheckpoint("families/" + fixture)
    edited.tensors.removeAll { $0.name == name }
    edited.add(name, wrong)
    let expected = "cannot load M/model.safetensors: tensor '\(name)' has shape \(wrong), expected \(right)"
    #expect(try failure(edited).hasPrefix(expected))
  }

  /// Norms, biases and kin that the plan does not have would change the numbers.
  @Test(arguments: [
    ("mistral", "model.layers.0.self_attn.q_proj.bias", [32]), ("olmo2", "model.layers.1.input_layernorm.weight", [32]),
    ("gemma2", "model.layers.1.self_attn.q_norm.weight", [8]), ("gptj", "transformer.h.0.ln_2.weight", [32]),
    ("distilbert", "distilbert.transformer.layer.1.attention.rel.weight", [4]),
  ])
  func tensorsMustHaveAPlace(fixture: String, name: String, shape: [Int]) throws {
    let edited = try EditedCheckpoint("families/" + fixture)
    edited.add(name, shape)
    let reason = "has no place in this architecture as config.json describes it"
    #expect(try failure(edited) == "cannot load M: tensor '\(name)' \(reason)")
  }

  @Test(arguments: [
    ("gpt_neox", "embed_out.weight", "'embed_out.weight' is not in the checkpoint and config.json does not tie"),
    ("gptj", "lm_head.", "'lm_head.weight' is not in the checkpoint and config.json does not tie"),
    ("roberta", "lm_head.", "the masked language model's head, 'lm_head.dense', is not in the checkpoint"),
    ("distilbert", "vocab_", "the masked language model's head, 'vocab_transform', is not in the checkpoint"),
  ])
  func modelsWithoutAHeadStillHaveStates(fixture: String, prefix: String, hint: String) throws {
    let edited = try EditedCheckpoint("families/" + fixture)
    edited.tensors.removeAll { $0.name.hasPrefix(prefix) }
    try edited.write()
    let model = try Model.open(edited.path)
    let pass = try model.forward([7, 8, 9])
    #expect(pass.logits == nil && pass.hidden.count == 3 && !model.configuration.hasHead)
    let error = try #require(throws: ModelError.self) { try model.logits(of: pass.hidden[2]) }
    #expect(error.hint?.hasPrefix(hint) == true)
  }

  /// A name from a file cannot move the cursor or colour the terminal.
  @Test func namesFromFilesAreEscaped() throws {
    let edited = try EditedCheckpoint("families/qwen3")
    edited.add("model.layers.0.\u{1B}[2J\u{202E}", [1])
    #expect(try failure(edited).contains(#"tensor 'model.layers.0.\u{1b}[2J\u{202e}' has no place"#))
  }
}
