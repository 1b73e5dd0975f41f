import JSONText

/// One component of a result's inputs that differs between two keys.
public struct InputChange: Sendable, Equatable, CustomStringConvertible {
  /// The component's dotted path, such as `model.weights`.
  public let component: String

  /// Its value before; nil where it did not exist.
  public let old: JSONValue?

  /// Its value now; nil where it no longer exists.
  public let new: JSONValue?

  /// One line such as `settings.n 500 → 1000`; digests show their first twelve digits.
  public var description: String { "\(component) \(InputChange.short(old)) → \(InputChange.short(new))" }

  /// The components that differ, in the order of `current`, then those that are gone.
  ///
  /// Objects are compared member by member, anything else as a whole and by its canonical text.
  public static func list(previous: JSONObject, current: JSONObject) -> [InputChange] {
    changes(.object(previous), .object(current), path: "")
  }

  private static func changes(_ old: JSONValue, _ new: JSONValue, path: String) -> [InputChange] {
    guard case .object(let before) = old, case .object(let now) = new else {
      let isSame = JSON.canonical(old).utf8.elementsEqual(JSON.canonical(new).utf8)
      return isSame ? [] : [InputChange(component: path, old: old, new: new)]
    }
    let prefix = path.isEmpty ? "" : path + "."
    var list: [InputChange] = []
    for (name, value) in now {
      if let earlier = before[name] {
        list += changes(earlier, value, path: prefix + name)
      } else {
        list.append(InputChange(component: prefix + name, old: nil, new: value))
      }
    }
    for (name, value) in before where now[name] == nil {
      list.append(InputChange(component: prefix + name, old: value, new: nil))
    }
    return list
  }

  private static func short(_ value: JSONValue?) -> String {
    guard let value else { return "(none)" }
    let text = value.stringValue ?? JSON.write(value)
    let isDigest = text.utf8.count == 64 && text.utf8.allSatisfy { "0123456789abcdef".utf8.contains($0) }
    if isDigest { return String(text.prefix(12)) }
    return text.count > 60 ? text.prefix(59) + "…" : text
  }
}
