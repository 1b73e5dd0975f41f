/// BERT, with or without the masked language model's head.
///
/// Source: Devlin et al., BERT.
enum BERT: FamilyReader {
  static let name = "BERT"
  static let classPrefix = "Bert"
  static let headName = "cls.predictions"
  static let ownOptions = EncoderShape.options

  static func configuration(_ fields: ConfigurationFields) throws(ModelError) -> ModelConfiguration {
    try EncoderShape.likeBERT(fields, .bert).configuration(
      fields, context: try fields.size("max_position_embeddings"),
      embedding: EmbeddingPlan(positionOffset: 0, tokenTypes: try fields.size("type_vocab_size", default: 2)))
  }

  static func tensors(_ c: ModelConfiguration, exists: (String) -> Bool) -> ModelTensors {
    withoutActuallyEscaping(exists) { exists in
      let prefix = exists("bert.embeddings.word_embeddings.weight") ? "bert." : ""
      let names = EncoderTensors(c: c, prefix: prefix, exists: exists)
      let head = "cls.predictions."
      return names.model().withMaskedHead(
        names.linear(head + "transform.dense", c.width, c.width), norm: names.norm(head + "transform.LayerNorm"),
        decoder: head + "decoder", bias: head + "bias", isTied: c.isTied, exists: exists)
    }
  }
}
