import Checkpoints
import Files
import JSONText
import Tensors
import TestSupport
import Transformers

/// A gated network of two blocks without attention, whose first block holds planted memories.
///
/// Neuron k's key is the normed embedding of token k, its value the head's row of the token that always follows k. The last
/// neuron has a value of zeros.
final class PlantedMemories {
  static let width = 48, vocabulary = 24
  let folder: TemporaryDirectory
  let model: Model

  /// The token that follows a token.
  static func follower(_ token: Int) -> Int { (token * 7 + 3) % vocabulary }

  /// Texts in which every token but the first is followed by its follower; token 0 begins each.
  static let texts = (1..<vocabulary).map { first -> [Int] in
    var ids = [0, first]
    for _ in 0..<5 { ids.append(follower(ids[ids.count - 1])) }
    return ids
  }

  init() throws {
    folder = try TemporaryDirectory()
    let (d, v) = (Self.width, Self.vocabulary)
    let configuration: JSONValue = [
      "model_type": "llama", "architectures": ["LlamaForCausalLM"], "hidden_size": .int(d),
      "intermediate_size": .int(v), "num_hidden_layers": 2, "num_attention_heads": 2, "num_key_value_heads": 2,
      "vocab_size": .int(v), "max_position_embeddings": 64, "rms_norm_eps": 1e-6, "tie_word_embeddings": false,
      "bos_token_id": 0, "eos_token_id": 1, "hidden_act": "silu",
    ]
    try AtomicFile.write(Array(JSON.write(configuration).utf8), to: folder.path + "/config.json", durable: false)
    var stream = RandomStream(seed: 5, stream: "test.planted")
    func random(_ count: Int, _ scale: Float) -> [Float] {
      (0..<count).map { _ in scale * Float(2 * stream.uniform() - 1) }
    }
    let embedding = Matrix(rows: v, columns: d, values: random(v * d, 1))
    let head = Matrix(rows: v, columns: d, values: random(v * d, 1))
    var tensors: [(name: String, shape: [Int], values: [Float])] = [
      ("model.embed_tokens.weight", [v, d], embedding.values), ("lm_head.weight", [v, d], head.values),
      ("model.norm.weight", [d], Array(repeating: 1, count: d)),
    ]
    for block in 0..<2 {
      let name = "model.layers.\(block)."
      for norm in ["input_layernorm", "post_attention_layernorm"] {
        tensors.append((name + norm + ".weight", [d], Array(repeating: 1, count: d)))
      }
      for part in ["q", "k", "v"] {
        tensors.append((name + "self_attn.\(part)_proj.weight", [d, d], random(d * d, 0.1)))
      }
      tensors.append((name + "self_attn.o_proj.weight", [d, d], Array(repeating: 0, count: d * d)))
      // Rows: the normed embedding, whose product with itself is d.
      let keys = (0..<v).flatMap { token -> [Float] in
        let row = embedding.row(token)
        let scale = (row.reduce(0) { $0 + $1 * $1 } / Float(d)).squareRoot()
        return block == 0 ? row.map { $0 / scale } : random(d, 0.01)
      }
      let values = Matrix(
        rows: v, columns: d,
        values: (0..<v).flatMap { token in
          token == v - 1 ? [Float](repeating: 0, count: d) : head.row(Self.follower(token)).map { $0 / Float(d * d) }
        })
      tensors.append((name + "mlp.gate_proj.weight", [v, d], keys))
      tensors.append((name + "mlp.up_proj.weight", [v, d], keys))
      tensors.append((name + "mlp.down_proj.weight", [d, v], values.transposed().values))
    }
    let writer = try SafetensorsWriter(
      path: folder.path + "/model.safetensors", tensors: tensors.map { .init($0.name, .f32, $0.shape) },
      durable: false)
    for tensor in tensors { try writer.append(tensor.values) }
    try writer.finish()
    model = try Model.open(folder.path)
  }
}
