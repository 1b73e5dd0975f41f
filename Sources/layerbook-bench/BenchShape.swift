import Checkpoints
import Files
import JSONText

/// A random checkpoint of a known architecture, for timing.
struct BenchShape {
  var name: String
  var configuration: JSONObject
  var type: TensorType
  var blocks: Int
  /// Tensors outside the blocks and of one block, by name and shape; `#` stands for the block's number.
  var outer: [(String, [Int])]
  var inner: [(String, [Int])]

  static let standard = [gpt2Small, llama("llama-12x1024", width: 1024, ffn: 2816, heads: 16, keys: 8, blocks: 12)]

  /// The block shape of Llama 3 8B with as many blocks as hold more than 4 GB in BF16.
  static let large = llama(
    "llama-8b-shape", width: 4096, ffn: 14336, heads: 32, keys: 8, blocks: 10, type: .bf16)

  /// The head of Llama 3.2 1B in BF16 over 32 blocks that hold next to nothing.
  static let wideHead: BenchShape = {
    var shape = llama("wide-head", width: 2048, ffn: 64, heads: 1, keys: 1, blocks: 32, type: .bf16, headWidth: 64)
    shape.configuration["vocab_size"] = 128_256
    shape.configuration["head_dim"] = 64
    shape.outer[0] = ("model.embed_tokens.weight", [128_256, 2048])
    return shape
  }()

  static let gpt2Small = gpt2("gpt2-small", width: 768, heads: 12, blocks: 12)
  static let gpt2Medium = gpt2("gpt2-medium", width: 1024, heads: 16, blocks: 24)

  static func gpt2(_ name: String, width: Int, heads: Int, blocks: Int) -> BenchShape {
    let (d, ffn) = (width, 4 * width)
    return BenchShape(
      name: name,
      configuration: [
        "model_type": "gpt2", "architectures": ["GPT2LMHeadModel"], "n_embd": .int(d), "n_head": .int(heads),
        "n_layer": .int(blocks), "n_positions": 1024, "vocab_size": 50257, "layer_norm_epsilon": 1e-5,
        "activation_function": "gelu_new",
      ],
      type: .f32, blocks: blocks,
      outer: [("wte.weight", [50257, d]), ("wpe.weight", [1024, d]), ("ln_f.weight", [d]), ("ln_f.bias", [d])],
      inner: [
        ("h.#.ln_1.weight", [d]), ("h.#.ln_1.bias", [d]), ("h.#.attn.c_attn.weight", [d, 3 * d]),
        ("h.#.attn.c_attn.bias", [3 * d]), ("h.#.attn.c_proj.weight", [d, d]), ("h.#.attn.c_proj.bias", [d]),
        ("h.#.ln_2.weight", [d]), ("h.#.ln_2.bias", [d]), ("h.#.mlp.c_fc.weight", [d, ffn]),
        ("h.#.mlp.c_fc.bias", [ffn]), ("h.#.mlp.c_proj.weight", [ffn, d]), ("h.#.mlp.c_proj.bias", [d]),
      ])
  }

  static func llama(
    _ name: String, width: Int, ffn: Int, heads: Int, keys: Int, blocks: Int, type: TensorType = .f32,
    headWidth: Int? = nil
  ) -> BenchShape {
    let queryWidth = (headWidth ?? width / heads) * heads
    let keyWidth = queryWidth / heads * keys
    let layer = "model.layers.#."
    return BenchShape(
      name: name,
      configuration: [
        "model_type": "llama", "architectures": ["LlamaForCausalLM"], "hidden_size": .int(width),
        "intermediate_size": .int(ffn), "num_attention_heads": .int(heads), "num_key_value_heads": .int(keys),
        "num_hidden_layers": .int(blocks), "vocab_size": 32000, "max_position_embeddings": 2048, "rms_norm_eps": 1e-5,
        "hidden_act": "silu", "rope_theta": 10000.0, "tie_word_embeddings": true,
      ],
      type: type, blocks: blocks,
      outer: [("model.embed_tokens.weight", [32000, width]), ("model.norm.weight", [width])],
      inner: [
        (layer + "input_layernorm.weight", [width]), (layer + "self_attn.q_proj.weight", [queryWidth, width]),
        (layer + "self_attn.k_proj.weight", [keyWidth, width]), (layer + "self_attn.v_proj.weight", [keyWidth, width]),
        (layer + "self_attn.o_proj.weight", [width, queryWidth]), (layer + "post_attention_layernorm.weight", [width]),
        (layer + "mlp.gate_proj.weight", [ffn, width]), (layer + "mlp.up_proj.weight", [ffn, width]),
        (layer + "mlp.down_proj.weight", [width, ffn]),
      ])
  }

  /// The checkpoint in a folder of checkpoints, written there unless it is there.
  ///
  /// - Returns: its own folder.
  func made(in folder: String) throws -> String {
    let directory = folder + "/" + name
    if !isFile(directory + "/model.safetensors") { try write(to: directory) }
    return directory
  }

  /// Writes config.json and model.safetensors with small random weights, the same on every run.
  func write(to directory: String) throws {
    try createDirectory(directory)
    try AtomicFile.write(Array(JSON.write(.object(configuration), pretty: true).utf8), to: directory + "/config.json")
    let names =
      outer
      + (0..<blocks).flatMap { block in inner.map { ($0.0.replacing("#", with: "\(block)"), $0.1) } }
    let writer = try SafetensorsWriter(
      path: directory + "/model.safetensors", tensors: names.map { .init($0.0, type, $0.1) },
      metadata: [("format", "pt")],
      durable: false)
    var state: UInt64 = 42
    for (_, shape) in names {
      let isGain = shape.count == 1
      var left = shape.reduce(1, *)
      while left > 0 {
        let count = min(left, 1 << 20)
        let values = (0..<count).map { _ -> Float in
          state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
          let uniform = Float(state >> 40) * 0x1p-24 - 0.5
          return isGain ? 1 + 0.1 * uniform : 0.07 * uniform
        }
        try append(values, to: writer)
        left -= count
      }
    }
    try writer.finish()
  }

  private func append(_ values: [Float], to writer: SafetensorsWriter) throws {
    if type == .f32 { return try writer.append(values) }
    let halves = values.map { UInt16(truncatingIfNeeded: $0.bitPattern >> 16) }
    try halves.withUnsafeBytes { try writer.append($0) }
  }
}
