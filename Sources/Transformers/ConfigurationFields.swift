import Checkpoints
import JSONText

/// Typed access to the members of a config.json; `null` counts as absent, as it does for transformers.
struct ConfigurationFields {
  let path: String
  let json: JSONValue

  init(path: String, bytes: [UInt8]) throws(ModelError) {
    self.path = path
    do throws(JSONError) { json = try JSON.parse(bytes) } catch {
      throw .load(.configuration, path, "not valid JSON: \(error)")
    }
    guard json.objectValue != nil else { throw .load(.configuration, path, "not a JSON object") }
  }

  init(path: String, json: JSONValue) { (self.path, self.json) = (path, json) }

  func value(_ key: String) -> JSONValue? {
    guard let value = json[key], !value.isNull else { return nil }
    return value
  }

  func string(_ key: String) throws(ModelError) -> String? {
    guard let value = value(key) else { return nil }
    guard let text = value.stringValue else { throw wrongType(key, "a text") }
    return text
  }

  func bool(_ key: String, default standard: Bool) throws(ModelError) -> Bool {
    guard let value = value(key) else { return standard }
    guard let flag = value.boolValue else { throw wrongType(key, "true or false") }
    return flag
  }

  func number(_ key: String) throws(ModelError) -> Double? {
    guard let value = value(key) else { return nil }
    guard let number = value.doubleValue, number.isFinite else { throw wrongType(key, "a number") }
    return number
  }

  func positiveNumber(_ key: String, default standard: Double? = nil) throws(ModelError) -> Double {
    guard let number = try number(key) ?? standard else { throw missing(key) }
    guard number > 0 else { throw wrongType(key, "a number above 0") }
    return number
  }

  /// A size; the limit keeps every product of sizes far from overflowing.
  func size(_ key: String, default standard: Int? = nil, limit: Int = 1 << 26) throws(ModelError) -> Int {
    guard let value = value(key) else {
      guard let standard else { throw missing(key) }
      return standard
    }
    guard let size = value.intValue, size >= 1, size <= limit else {
      throw wrongType(key, "a whole number from 1 to \(limit)")
    }
    return size
  }

  /// Token ids under a key that may hold one or a list; those outside the vocabulary name nothing and are left out.
  func tokens(_ key: String, vocabulary: Int) -> [Int] {
    let values = value(key).map { $0.arrayValue ?? [$0] } ?? []
    return values.compactMap(\.intValue).filter { (0..<vocabulary).contains($0) }
  }

  func missing(_ key: String) -> ModelError { .load(.configuration, path, "'\(key)' is missing") }

  func wrongType(_ key: String, _ expected: String) -> ModelError {
    let found = value(key).map { String(JSON.write($0).prefix(60)) } ?? "nothing"
    return .load(.configuration, path, "'\(key)' is \(found), expected \(expected)")
  }

  func unsupported(_ key: String, _ why: String) -> ModelError {
    let found = value(key).map { String(JSON.write($0).prefix(60)) } ?? "absent"
    return .load(.unsupported, path, "'\(key)' is \(found): \(why)")
  }

  /// Refuses options that would change the numbers and are not implemented.
  func refuse(_ keys: [String], unless harmless: (JSONValue) -> Bool, _ why: String) throws(ModelError) {
    for key in keys {
      if let value = value(key), !harmless(value) { throw unsupported(key, why) }
    }
  }
}
