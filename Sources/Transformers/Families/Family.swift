extension ModelConfiguration {
  /// The architectures that are implemented; raw values are config.json's `model_type`.
  public enum Family: String, Hashable, Sendable, CaseIterable {
    case gpt2, llama, mistral, qwen2, qwen3, gemma, gemma2
    case gemma3 = "gemma3_text"
    case phi3, olmo2
    case gptNeoX = "gpt_neox"
    case gptJ = "gptj"
    case opt, bert, roberta, distilbert

    /// The name people use.
    public var name: String { reader.name }

    /// What reads its files.
    var reader: any FamilyReader.Type {
      switch self {
      case .gpt2: GPT2.self
      case .llama: Llama.self
      case .mistral: Mistral.self
      case .qwen2: Qwen2.self
      case .qwen3: Qwen3.self
      case .gemma: Gemma.self
      case .gemma2: Gemma2.self
      case .gemma3: Gemma3.self
      case .phi3: Phi3.self
      case .olmo2: OLMo2.self
      case .gptNeoX: GPTNeoX.self
      case .gptJ: GPTJ.self
      case .opt: OPT.self
      case .bert: BERT.self
      case .roberta: RoBERTa.self
      case .distilbert: DistilBERT.self
      }
    }
  }
}

/// What the project knows of one family: how its config.json reads and what its tensors are called.
protocol FamilyReader {
  /// The name people use.
  static var name: String { get }
  /// What the names of its classes in transformers begin with, such as `Llama` of `LlamaForCausalLM`.
  static var classPrefix: String { get }
  /// Options that would change the numbers of some architecture and that `configuration` reads or refuses itself.
  static var ownOptions: Set<String> { get }

  /// What messages call the head's tensors.
  static var headName: String { get }

  /// Reads sizes, options and the plan of every block.
  ///
  /// - Throws: `ModelError` with code `configuration` or `unsupported`.
  static func configuration(_ fields: ConfigurationFields) throws(ModelError) -> ModelConfiguration

  /// Finds the tensors' names.
  ///
  /// - Parameters:
  ///   - c: What `configuration` read.
  ///   - exists: Whether the checkpoint holds a tensor of this name.
  static func tensors(_ c: ModelConfiguration, exists: (String) -> Bool) -> ModelTensors
}

extension FamilyReader {
  static var headName: String { "lm_head.weight" }
}
