import Checkpoints
import Transformers

/// The file that `forward` writes: `ids` I64 [T], `hidden` F32 [L+1, T, d], `logits` F32 [T, V].
enum ForwardFile {
  static func write(_ pass: ForwardPass, ids: [Int], to path: String) throws {
    guard let first = pass.hidden.first else { return }
    var tensors: [SafetensorsWriter.Tensor] = [
      .init("ids", .i64, [ids.count]), .init("hidden", .f32, [pass.hidden.count, first.rows, first.columns]),
    ]
    if let logits = pass.logits { tensors.append(.init("logits", .f32, [logits.rows, logits.columns])) }
    let writer = try SafetensorsWriter(path: path, tensors: tensors, metadata: [("format", "layerbook.forward/1")])
    try writer.append(ids.map(Int64.init))
    for states in pass.hidden { try writer.append(states.values) }
    if let logits = pass.logits { try writer.append(logits.values) }
    try writer.finish()
  }
}
