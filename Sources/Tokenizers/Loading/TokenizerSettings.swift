import Files
import JSONText

/// What the files beside a tokenizer say: `tokenizer_config.json`, `special_tokens_map.json` and `config.json`, each of
/// which may be missing.
struct TokenizerSettings {
  let directory: String
  let tokenizer: JSONValue?
  let specialTokens: JSONValue?
  let model: JSONValue?
  /// The special tokens by role, such as `cls`, where the tokenizer was made of a bare vocabulary.
  var defaults: [String: String] = [:]

  /// Reads the files of a directory.
  init(directory: String) throws(TokenizerError) {
    self.directory = directory
    tokenizer = try Self.optionalFile(directory, "tokenizer_config.json")
    specialTokens = try Self.optionalFile(directory, "special_tokens_map.json")
    model = try Self.optionalFile(directory, "config.json")
  }

  /// The value of a file that need not be there.
  static func optionalFile(_ directory: String, _ name: String) throws(TokenizerError) -> JSONValue? {
    let path = directory + "/" + name
    guard let bytes = try? readFile(path) else { return nil }
    do {
      return try JSON.parse(bytes)
    } catch {
      throw TokenizerError(error, path: path)
    }
  }

  /// A Boolean of `tokenizer_config.json`.
  func flag(_ name: String) -> Bool? { tokenizer?[name]?.boolValue }

  /// The class that the reference implementation would take, without the ending `Fast`.
  var className: String? {
    let written = tokenizer?["tokenizer_class"]?.stringValue ?? model?["tokenizer_class"]?.stringValue
    guard let written else { return nil }
    return written.hasSuffix("Fast") ? String(written.dropLast(4)) : written
  }

  /// The type of the model, as `config.json` says.
  var modelType: String? { model?["model_type"]?.stringValue }

  /// The family of the class, or else of the model's type.
  var family: TokenizerFamily? {
    if let className { return TokenizerFamily.allCases.first { $0.classNames.contains(className) } }
    return modelType.flatMap { type in TokenizerFamily.allCases.first { $0.modelTypes.contains(type) } }
  }

  /// Whether the class builds nothing itself: then `tokenizer.json` alone counts.
  var isGeneric: Bool {
    guard let className else { return family == nil }
    return ["PreTrainedTokenizer", "TokenizersBackend"].contains(className)
  }
}

/// Classes of tokenizers that the reference implementation (transformers 5) builds from a vocabulary and
/// `tokenizer_config.json` alone, whose settings therefore go before those in `tokenizer.json`.
enum TokenizerFamily: CaseIterable {
  case bert, gpt2, roberta, qwen2

  /// The classes, without the ending `Fast`.
  var classNames: [String] {
    switch self {
    case .bert:
      ["Bert", "DistilBert", "Electra", "MobileBert", "ConvBert", "SqueezeBert", "Lxmert", "LayoutLM"].map {
        $0 + "Tokenizer"
      }
    case .gpt2: ["GPT2Tokenizer"]
    case .roberta: ["RobertaTokenizer", "BartTokenizer", "LongformerTokenizer", "LEDTokenizer"]
    case .qwen2: ["Qwen2Tokenizer"]
    }
  }

  /// The values of `model_type` that stand for the family where no class is named.
  var modelTypes: [String] {
    switch self {
    case .bert: ["bert", "distilbert", "electra", "mobilebert", "convbert", "squeezebert", "lxmert", "layoutlm"]
    case .gpt2: ["gpt2", "gpt_neo", "gptj", "opt", "phi"]
    case .roberta: ["roberta", "bart", "longformer", "led"]
    case .qwen2: ["qwen2", "qwen3"]
    }
  }

  /// The special tokens that count where no file names others.
  var specialTokens: [String: String] {
    switch self {
    case .bert: ["unk": "[UNK]", "sep": "[SEP]", "pad": "[PAD]", "cls": "[CLS]", "mask": "[MASK]"]
    case .gpt2: ["bos": "<|endoftext|>", "eos": "<|endoftext|>", "unk": "<|endoftext|>"]
    case .roberta:
      ["bos": "<s>", "eos": "</s>", "sep": "</s>", "cls": "<s>", "unk": "<unk>", "pad": "<pad>", "mask": "<mask>"]
    case .qwen2: ["eos": "<|endoftext|>", "unk": "<|endoftext|>", "pad": "<|endoftext|>"]
    }
  }
}
