/// RoBERTa: BERT whose positions begin after the row of the padding token.
///
/// Source: Liu et al., RoBERTa.
enum RoBERTa: FamilyReader {
  static let name = "RoBERTa"
  static let classPrefix = "Roberta"
  static let headName = "lm_head.dense"
  static let ownOptions = EncoderShape.options

  static func configuration(_ fields: ConfigurationFields) throws(ModelError) -> ModelConfiguration {
    var shape = try EncoderShape.likeBERT(fields, .roberta)
    // Whatever the network's own activation is.
    shape.headActivation = .geluErf
    let pad = try padding(fields)
    let rows = try fields.size("max_position_embeddings")
    guard rows > pad + 1 else { throw fields.wrongType("max_position_embeddings", "more than \(pad + 1)") }
    var c = try shape.configuration(
      fields, context: rows - pad - 1,
      embedding: EmbeddingPlan(positionOffset: pad + 1, tokenTypes: try fields.size("type_vocab_size", default: 2)))
    c.embedding.unplacedToken = pad
    c.padToken = pad < c.vocabulary ? pad : nil
    return c
  }

  private static func padding(_ fields: ConfigurationFields) throws(ModelError) -> Int {
    if fields.mentions("pad_token_id"), fields.value("pad_token_id") == nil {
      throw fields.wrongType("pad_token_id", "the padding token, after which positions are counted")
    }
    return try fields.wholeNumber("pad_token_id", default: 1, in: 0...1 << 26)
  }

  static func tensors(_ c: ModelConfiguration, exists: (String) -> Bool) -> ModelTensors {
    withoutActuallyEscaping(exists) { exists in
      let prefix = exists("roberta.embeddings.word_embeddings.weight") ? "roberta." : ""
      let names = EncoderTensors(c: c, prefix: prefix, exists: exists)
      return names.model().withMaskedHead(
        names.linear("lm_head.dense", c.width, c.width), norm: names.norm("lm_head.layer_norm"),
        decoder: "lm_head.decoder", bias: "lm_head.bias", isTied: c.isTied, exists: exists)
    }
  }
}
