/// How a family's files write rotary positions down.
struct RotaryNames {
  /// Keys that `read` consults: part of `FamilyReader.ownOptions` of every family with rotary positions.
  static let options: Set<String> = ["rope_scaling", "rope_parameters", "partial_rotary_factor"]

  /// The key of θ outside `rope_parameters`.
  var theta = "rope_theta"
  /// The key of the share of each head that is turned, outside `rope_parameters`.
  var share = shareKey
  /// Whether the architecture can turn a part of each head.
  var turnsParts = false
  private static let shareKey = "partial_rotary_factor"
  /// The share where the file has none.
  var standardShare = 1.0

  /// Reads `rope_parameters` (recent files), or `rope_theta` with `rope_scaling` (older ones).
  ///
  /// - Throws: `ModelError`, also where both stand and contradict each other.
  func read(_ fields: ConfigurationFields, headWidth: Int) throws(ModelError) -> RotaryPlan {
    let scaling = try fields.object("rope_scaling")
    var (olderTheta, olderShare) = (try Self.theta(fields, theta, standard: 10000), try Self.share(fields, share))
    if let scaling {
      try Self.refuseNested(fields, "rope_scaling", scaling)
      olderTheta = try Self.theta(scaling, "rope_theta", standard: olderTheta)
      if let inner = try Self.share(scaling, Self.shareKey) { olderShare = inner }
    }
    let older = try Self.configuration(scaling: scaling, theta: olderTheta, in: fields)
    guard let parameters = try fields.object("rope_parameters") else {
      return try turning(older, share: olderShare, fields, headWidth: headWidth)
    }
    try Self.refuseNested(fields, "rope_parameters", parameters)
    let recent = try Self.configuration(
      scaling: parameters, theta: try Self.theta(parameters, "rope_theta", standard: older.theta), in: fields)
    let recentShare = try Self.share(parameters, Self.shareKey) ?? olderShare
    guard scaling == nil || older == recent, olderShare == nil || olderShare == recentShare,
      fields.value(theta) == nil || older.theta == recent.theta
    else {
      throw .load(.configuration, fields.path, "'rope_parameters' contradicts 'rope_scaling' or '\(theta)'")
    }
    return try turning(recent, share: recentShare, fields, headWidth: headWidth)
  }

  /// Rotary positions of one kind of layers.
  ///
  /// - Parameters:
  ///   - scaling: The object that names the type of scaling; nil for none.
  ///   - fields: The file around it.
  static func configuration(
    scaling: ConfigurationFields?, theta: Double, in fields: ConfigurationFields
  ) throws(ModelError) -> RotaryConfiguration {
    guard let scaling else { return RotaryConfiguration(theta: theta, scaling: .none) }
    return RotaryConfiguration(theta: theta, scaling: try Self.scaling(scaling, in: fields))
  }

  /// θ: below 1 frequencies would grow from pair to pair.
  static func theta(_ fields: ConfigurationFields, _ key: String, standard: Double) throws(ModelError) -> Double {
    try fields.number(key, default: standard, in: 1...1e15)
  }

  /// The coordinates of each head that are turned.
  private func turning(
    _ rotary: RotaryConfiguration, share found: Double?, _ fields: ConfigurationFields, headWidth: Int
  ) throws(ModelError) -> RotaryPlan {
    let used = found ?? standardShare
    guard used == 1 || turnsParts else {
      throw .load(
        .unsupported, fields.path, "a share of \(used) of each head would be turned; this architecture turns all of it")
    }
    // As transformers rounds it.
    return try Self.plan(rotary, width: Int(Double(headWidth) * used), headWidth: headWidth, fields)
  }

  /// A plan that turns the first `width` coordinates of each head.
  static func plan(
    _ rotary: RotaryConfiguration, width: Int, headWidth: Int, layout: RotaryPlan.Layout = .halfSplit,
    _ fields: ConfigurationFields
  ) throws(ModelError) -> RotaryPlan {
    guard width >= 2, width % 2 == 0, width <= headWidth else {
      throw .load(
        .configuration, fields.path,
        width == headWidth
          ? "heads are \(headWidth) wide; rotary positions need an even width"
          : "\(width) of \(headWidth) coordinates of each head would be turned; it must be an even number of them")
    }
    return RotaryPlan(rotary, width: width, layout: layout)
  }

  private static func share(_ fields: ConfigurationFields, _ key: String) throws(ModelError) -> Double? {
    fields.value(key) == nil ? nil : try fields.number(key, in: 0.001...1)
  }

  private static func refuseNested(
    _ fields: ConfigurationFields, _ key: String, _ inner: ConfigurationFields
  ) throws(ModelError) {
    guard inner.json.objectValue?.allSatisfy({ $0.value.objectValue == nil }) == true else {
      throw fields.unsupported(key, "rotary settings that differ between layers are not implemented here")
    }
  }

  private static func scaling(
    _ inner: ConfigurationFields, in fields: ConfigurationFields
  ) throws(ModelError) -> RotaryConfiguration.Scaling {
    let key = inner.value("rope_type") == nil && inner.value("type") != nil ? "type" : "rope_type"
    let factors = 1e-3...1e6
    switch try inner.string(key) ?? "default" {
    case "default": return .none
    case "linear": return .linear(factor: try inner.number("factor", in: factors))
    case "llama3":
      let low = try inner.number("low_freq_factor", in: factors)
      let high = try inner.number("high_freq_factor", in: factors)
      guard low < high else { throw inner.wrongType("low_freq_factor", "less than 'high_freq_factor'") }
      return .llama3(
        factor: try inner.number("factor", in: factors), lowFrequencyFactor: low, highFrequencyFactor: high,
        originalContext: try originalContext(inner, in: fields))
    default:
      throw inner.unsupported(key, "this rope type is not implemented; supported are default, linear and llama3")
    }
  }
  /// The positions a model had before its rotary positions were stretched: in the object, or beside it, or in both, of
  /// which releases of transformers prefer different ones.
  private static func originalContext(
    _ inner: ConfigurationFields, in fields: ConfigurationFields
  ) throws(ModelError) -> Double {
    let (key, range) = ("original_max_position_embeddings", 1...1e9)
    guard fields.value(key) != nil else { return try inner.number(key, in: range) }
    let outer = try fields.number(key, in: range)
    guard try inner.number(key, default: outer, in: range) == outer else {
      throw fields.unsupported(key, "the object with the other rotary settings says something else")
    }
    return outer
  }
}
