extension BoundDirective {
  /// The same directive with another value of a setting that was not written.
  ///
  /// For a default that depends on what the directive is about.
  public func setting(_ name: String, to value: SettingValue, schema: DirectiveSchema) -> BoundDirective {
    var other = self
    other.values[name] = value
    other.canonicalText = CanonicalText.make(other, schema: schema)
    return other
  }
}
