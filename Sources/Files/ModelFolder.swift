/// What a folder is that was given as a checkpoint and lacks one's files: said by name, since "no such file" sends
/// people looking for the wrong thing.
public struct ModelFolder: Sendable {
  private let path: String

  /// The folder at `path`, or whatever else is there.
  public init(path: String) { self.path = path }

  /// A clause that says what the folder is instead of a checkpoint with a file `name`; nil where that is not known.
  public func explanation(missing name: String) -> String? {
    if isFile(path) { return Self.isQuantised(path) ? "it is a GGUF file\(Self.needed)" : nil }
    guard isDirectory(path), let names = try? listing(path) else { return nil }
    if names.isEmpty { return "the folder is empty" }
    if names.contains("adapter_config.json") {
      return "the folder holds an adapter (adapter_config.json), which is only a change to another model; merge it "
        + "into that model and save the whole (peft: merge_and_unload, then save_pretrained)"
    }
    if let file = names.first(where: Self.isQuantised) {
      return "the folder holds '\(file)', a GGUF file\(Self.needed)"
    }
    if name == "tokenizer.json", names.contains("tokenizer.model") {
      return "the folder has tokenizer.model and no tokenizer.json; transformers writes it: python3 -c \"from "
        + "transformers import AutoTokenizer as A; A.from_pretrained('\(path)').save_pretrained('\(path)')\""
    }
    return nil
  }

  private static let needed = ", not a checkpoint in Hugging Face's form (config.json, tokenizer.json, *.safetensors)"

  private static func isQuantised(_ name: String) -> Bool { name.lowercased().hasSuffix(".gguf") }
}

/// The small text that Git LFS leaves in the place of a large file until the file itself is fetched.
public enum LargeFilePointer {
  private static let beginning = Array("version https://git-lfs.github.com/spec/".utf8)

  /// Whether a file that begins with these bytes is such a text.
  public static func isPointer(_ bytes: some Sequence<UInt8>) -> Bool { bytes.starts(with: beginning) }

  /// A clause for messages.
  public static let explanation = "it is a pointer of Git LFS, not the file itself; fetch it with 'git lfs pull'"
}
