import Diagnostics
import JSONText

/// Typed access to the members of a config.json; `null` counts as absent, as it does for transformers.
///
/// Every number is checked against a range in which products of sizes cannot overflow and arithmetic stays finite.
struct ConfigurationFields {
  let path: String
  private(set) var json: JSONValue
  /// The way to `json` from the top of the file, such as `rope_parameters.`; empty at the top.
  private let place: String

  init(path: String, bytes: [UInt8]) throws(ModelError) {
    self.path = path
    place = ""
    do throws(JSONError) { json = try JSON.parse(bytes) } catch {
      throw .load(.configuration, path, "not valid JSON: \(quotable("\(error)", limit: 300))")
    }
    guard json.objectValue != nil else { throw .load(.configuration, path, "not a JSON object") }
  }

  private init(path: String, json: JSONValue, place: String) {
    (self.path, self.json, self.place) = (path, json, place)
  }

  /// Puts another value under a key.
  mutating func replace(_ key: String, by value: JSONValue) {
    var members = json.objectValue ?? JSONObject()
    members[key] = value
    json = .object(members)
  }

  /// The members of an object under a key; nil where it is absent.
  func object(_ key: String) throws(ModelError) -> ConfigurationFields? {
    guard let value = value(key) else { return nil }
    guard value.objectValue != nil else { throw wrongType(key, "an object") }
    return ConfigurationFields(path: path, json: value, place: place + key + ".")
  }

  func value(_ key: String) -> JSONValue? {
    guard let value = json[key], !value.isNull else { return nil }
    return value
  }

  /// Whether the file has the key, be it with `null`: transformers' defaults are for keys that it has not.
  func mentions(_ key: String) -> Bool { json[key] != nil }

  func string(_ key: String) throws(ModelError) -> String? {
    guard let value = value(key) else { return nil }
    guard let text = value.stringValue else { throw wrongType(key, "a text") }
    return text
  }

  /// The first text of a list of texts; nil where the key is absent or the list empty.
  func firstText(_ key: String) throws(ModelError) -> String? {
    guard let value = value(key) else { return nil }
    guard let list = value.arrayValue else { throw wrongType(key, "a list of texts") }
    guard let first = list.first else { return nil }
    guard let text = first.stringValue else { throw wrongType(key, "a list of texts") }
    return text
  }

  func bool(_ key: String, default standard: Bool) throws(ModelError) -> Bool {
    guard let value = value(key) else { return standard }
    guard let flag = value.boolValue else { throw wrongType(key, "true or false") }
    return flag
  }

  /// A number in a range; without a default it must be there.
  func number(_ key: String, default standard: Double? = nil, in range: ClosedRange<Double>) throws(ModelError)
    -> Double
  {
    guard let value = value(key) else {
      guard let standard else { throw missing(key) }
      return standard
    }
    guard let number = value.doubleValue, range.contains(number) else {
      throw wrongType(key, "a number from \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }

  /// ε of a norm.
  func epsilon(_ key: String, default standard: Double) throws(ModelError) -> Double {
    try number(key, default: standard, in: 1e-30...1)
  }

  /// c of a soft cap; `standard` only where the file does not mention the key.
  func cap(_ key: String, default standard: Float?) throws(ModelError) -> Float? {
    guard value(key) != nil else { return mentions(key) ? nil : standard }
    return Float(try number(key, in: 1e-3...1e9))
  }

  /// A size; the limit keeps every product of sizes far from overflowing.
  func size(_ key: String, default standard: Int? = nil, limit: Int = 1 << 26) throws(ModelError) -> Int {
    try wholeNumber(key, default: standard, in: 1...limit)
  }

  /// A whole number in a range; without a default it must be there.
  func wholeNumber(_ key: String, default standard: Int? = nil, in range: ClosedRange<Int>) throws(ModelError) -> Int {
    guard let value = value(key) else {
      guard let standard else { throw missing(key) }
      return standard
    }
    guard let number = value.intValue, range.contains(number) else {
      throw wrongType(key, "a whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }

  /// Token ids under a key that may hold one or a list; those outside the vocabulary name nothing and are left out.
  func tokens(_ key: String, vocabulary: Int) -> [Int] {
    let values = value(key).map { $0.arrayValue ?? [$0] } ?? []
    return values.compactMap(\.intValue).filter { (0..<vocabulary).contains($0) }
  }

  func missing(_ key: String) -> ModelError { .load(.configuration, path, "'\(place)\(key)' is missing") }

  func wrongType(_ key: String, _ expected: String) -> ModelError {
    .load(.configuration, path, "'\(place)\(key)' is \(shown(key) ?? "nothing"), expected \(expected)")
  }

  func unsupported(_ key: String, _ why: String) -> ModelError {
    .load(.unsupported, path, "'\(place)\(key)' is \(shown(key) ?? "absent"): \(why)")
  }

  /// Refuses options that would change the numbers and are not implemented.
  func refuse(_ keys: [String], unless harmless: (JSONValue) -> Bool, _ why: String) throws(ModelError) {
    for key in keys {
      if let value = value(key), !harmless(value) { throw unsupported(key, why) }
    }
  }

  private func shown(_ key: String) -> String? { value(key).map { quotable(JSON.write($0), limit: 80) } }
}
