import Checkpoints
import Files
import JSONText
import Tensors
import TestSupport
import Transformers

/// A network whose blocks are linear, h + W h at every position: the feed-forward network gives nothing, attention sees
/// its own position only, and states are so small beside the norms' ε that norms divide by 1.
final class LinearNetwork {
  static let blocks = 5, width = 16, vocabulary = 60
  let folder: TemporaryDirectory
  let model: Model

  init(seed: Int = 1) throws {
    folder = try TemporaryDirectory()
    let (d, v) = (Self.width, Self.vocabulary)
    let configuration: JSONValue = [
      "model_type": "mistral", "architectures": ["MistralForCausalLM"], "hidden_size": .int(d),
      "intermediate_size": 8, "num_hidden_layers": .int(Self.blocks), "num_attention_heads": 2,
      "num_key_value_heads": 2, "vocab_size": .int(v), "max_position_embeddings": 64, "rms_norm_eps": 1.0,
      "sliding_window": 1, "tie_word_embeddings": false, "bos_token_id": 1, "eos_token_id": 2,
    ]
    try AtomicFile.write(Array(JSON.write(configuration).utf8), to: folder.path + "/config.json", durable: false)
    var stream = RandomStream(seed: seed, stream: "test.linear")
    func random(_ count: Int, _ scale: Float) -> [Float] {
      (0..<count).map { _ in scale * Float(2 * stream.uniform() - 1) }
    }
    var tensors: [(name: String, shape: [Int], values: [Float])] = [
      ("model.embed_tokens.weight", [v, d], random(v * d, 1e-4)), ("lm_head.weight", [v, d], random(v * d, 3e3)),
      ("model.norm.weight", [d], random(d, 0).map { $0 + 1 }),
    ]
    for block in 0..<Self.blocks {
      let name = "model.layers.\(block)."
      for norm in ["input_layernorm", "post_attention_layernorm"] {
        tensors.append((name + norm + ".weight", [d], Array(repeating: 1, count: d)))
      }
      for part in ["q", "k", "v", "o"] {
        tensors.append((name + "self_attn.\(part)_proj.weight", [d, d], random(d * d, 0.4)))
      }
      tensors.append((name + "mlp.gate_proj.weight", [8, d], random(8 * d, 1)))
      tensors.append((name + "mlp.up_proj.weight", [8, d], random(8 * d, 1)))
      tensors.append((name + "mlp.down_proj.weight", [d, 8], Array(repeating: 0, count: 8 * d)))
    }
    let writer = try SafetensorsWriter(
      path: folder.path + "/model.safetensors", tensors: tensors.map { .init($0.name, .f32, $0.shape) },
      durable: false)
    for tensor in tensors { try writer.append(tensor.values) }
    try writer.finish()
    model = try Model.open(folder.path)
  }

  /// Texts of all tokens, so that a map can be told from any other.
  static let texts = (0..<12).map { text in (0..<20).map { (text * 13 + $0 * 7 + text * $0) % vocabulary } }

  /// W of h_j = h_i W, by solving for the images of the unit vectors.
  func map(from i: Int, to j: Int) throws -> StreamMap {
    let d = Self.width
    let scale: Float = 1e-4
    var units = Matrix.identity(d)
    units.withUnsafeMutablePointer { for index in 0..<d * d { $0[index] *= scale } }
    let run = try ModelRun(model, states: units, lengths: Array(repeating: 1, count: d), level: i)
    try run.advance(to: j)
    var images = try run.allStates()
    images.withUnsafeMutablePointer { for index in 0..<d * d { $0[index] /= scale } }
    return StreamMap(weights: images)
  }
}
