import Files
import JSONText

extension PageManifest {
  static let format = "layerbook.manifest/1"

  /// The manifest as JSON, without the two digests that sealing adds.
  public var json: JSONObject {
    var object: JSONObject = [
      "format": .string(PageManifest.format), "layerbook": .string(version), "report": .string(report),
      "template": ["sha256": .string(sha256(Array(template.utf8)).hex), "text": .string(template)],
    ]
    if !attachments.isEmpty { object["files"] = .array(attachments.map { .object($0.json) }) }
    if !settings.isEmpty {
      object["settings"] = .array(settings.map { ["key": .string($0.key), "value": .string($0.value)] })
    }
    if defaults != Defaults() { object["defaults"] = .object(defaults.json) }
    if site != Site() { object["site"] = .object(site.json) }
    var shared = SharedInputs()
    object["results"] = .array(entries.map { .object(shared.referring($0)) })
    return object
  }

  /// Reads a manifest; digests are not checked here.
  ///
  /// - Throws: `ManifestError` where a member is missing or of another type.
  public init(json: JSONValue) throws(ManifestError) {
    guard let format = json["format"]?.stringValue else {
      throw ManifestError(description: "the manifest has no 'format'")
    }
    guard format == PageManifest.format else {
      throw ManifestError(description: "the manifest's format is '\(format)', expected '\(PageManifest.format)'")
    }
    guard let version = json["layerbook"]?.stringValue, let report = json["report"]?.stringValue,
      let template = json["template"]?["text"]?.stringValue, let list = json["results"]?.arrayValue
    else {
      throw ManifestError(description: "the manifest lacks 'layerbook', 'report', 'template.text' or 'results'")
    }
    let settings = try (json["settings"]?.arrayValue ?? []).map { item throws(ManifestError) in
      guard let key = item["key"]?.stringValue, let value = item["value"]?.stringValue else {
        throw ManifestError(description: "an entry of the manifest's 'settings' lacks a member")
      }
      return Setting(key: key, value: value)
    }
    let attachments = try (json["files"]?.arrayValue ?? []).map { item throws(ManifestError) in
      guard let attachment = Attachment(json: item) else {
        throw ManifestError(description: "an entry of the manifest's 'files' lacks a member")
      }
      return attachment
    }
    var entries: [Entry] = []
    var shared = SharedInputs()
    for (place, item) in list.enumerated() {
      guard let entry = Entry(json: item).flatMap({ shared.resolved($0) }) else {
        throw ManifestError(description: "entry \(place) of the manifest's 'results' lacks a member")
      }
      entries.append(entry)
    }
    self.init(
      version: version, report: report, template: template, attachments: attachments, settings: settings,
      defaults: Defaults(json: json["defaults"]), site: Site(json: json["site"]), entries: entries)
  }
}

extension PageManifest.Attachment {
  var json: JSONObject {
    var object: JSONObject = ["path": .string(path), "sha256": .string(digest.hex)]
    if let shownDigest { object["shown_sha256"] = .string(shownDigest.hex) }
    if let text { object["text"] = .string(text) }
    return object
  }

  init?(json: JSONValue) {
    guard let path = json["path"]?.stringValue,
      let digest = json["sha256"]?.stringValue.flatMap(SHA256Digest.init(hex:))
    else { return nil }
    self.init(
      path: path, digest: digest, text: json["text"]?.stringValue,
      shownDigest: json["shown_sha256"]?.stringValue.flatMap(SHA256Digest.init(hex:)))
  }
}

extension PageManifest.Defaults {
  var json: JSONObject {
    var object = JSONObject()
    if let model { object["model"] = .string(model) }
    if let dataset { object["dataset"] = .string(dataset) }
    if let seed { object["seed"] = .int(seed) }
    return object
  }

  init(json: JSONValue?) {
    self.init(
      model: json?["model"]?.stringValue, dataset: json?["dataset"]?.stringValue, seed: json?["seed"]?.intValue)
  }
}

extension PageManifest.Site {
  var json: JSONObject {
    var object = JSONObject()
    if let index { object["index"] = .string(index) }
    if !editions.isEmpty {
      object["editions"] = .array(editions.map { ["lang": .string($0.language), "href": .string($0.address)] })
    }
    return object
  }

  init(json: JSONValue?) {
    self.init(
      index: json?["index"]?.stringValue,
      editions: (json?["editions"]?.arrayValue ?? []).compactMap { item in
        guard let language = item["lang"]?.stringValue, let address = item["href"]?.stringValue else { return nil }
        return Edition(language: language, address: address)
      })
  }
}

extension PageManifest.Entry {
  var json: JSONObject {
    var object: JSONObject = [
      "id": .string(id), "directive": .string(directive), "line": .int(line), "key": .string(key.hex),
      "inputs": .object(inputs), "value_sha256": .string(valueDigest.hex),
    ]
    if let result { object["result"] = result }
    if let facts { object["facts"] = facts }
    if !printed.isEmpty {
      object["printed"] = .array(printed.map { ["path": .string($0.path), "text": .string($0.text)] })
    }
    if let tolerance { object["tol"] = .string(tolerance) }
    return object
  }

  init?(json: JSONValue) {
    guard let id = json["id"]?.stringValue, let directive = json["directive"]?.stringValue,
      let line = json["line"]?.intValue, let inputs = json["inputs"]?.objectValue,
      let key = json["key"]?.stringValue.flatMap(SHA256Digest.init(hex:)),
      let value = json["value_sha256"]?.stringValue.flatMap(SHA256Digest.init(hex:))
    else { return nil }
    let list = json["printed"]?.arrayValue ?? []
    printed = list.compactMap { item in
      guard let path = item["path"]?.stringValue, let text = item["text"]?.stringValue else { return nil }
      return PageManifest.Printed(path: path, text: text)
    }
    guard printed.count == list.count else { return nil }
    self.id = id
    self.directive = directive
    self.line = line
    self.inputs = inputs
    self.key = key
    valueDigest = value
    result = json["result"]
    facts = json["facts"]
    tolerance = json["tol"]?.stringValue
  }
}
