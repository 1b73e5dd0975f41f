import Files
import JSONText

/// What a page says about its own numbers: for each directive the inputs, their key, the result and its digest.
///
/// It is embedded in the page (`seal(page:)`) and read back from it (`init(page:)`), so that a page can be audited years
/// later from the file alone. Digests find mistakes and careless edits; whoever forges a page can forge its manifest
/// too, and only a comparison with the store or a new computation shows that.
public struct PageManifest: Sendable, Equatable {
  /// A value shown in running text.
  public struct Printed: Sendable, Equatable {
    /// Its place in the result.
    public var path: String
    /// The text as shown, such as `0.873` or `87.3 %`.
    public var text: String

    public init(path: String, text: String) {
      self.path = path
      self.text = text
    }
  }

  /// A setting that replaced one of the template's, as `--set` does.
  public struct Setting: Sendable, Equatable {
    public var key: String
    /// The value as it was written.
    public var value: String

    public init(key: String, value: String) {
      self.key = key
      self.value = value
    }
  }

  /// What directives that name no model, dataset or seed meant, by the front matter or the book.
  public struct Defaults: Sendable, Equatable {
    public var model: String?
    public var dataset: String?
    public var seed: Int?

    public init(model: String? = nil, dataset: String? = nil, seed: Int? = nil) {
      (self.model, self.dataset, self.seed) = (model, dataset, seed)
    }
  }

  /// A file beside the template that the page was made of: a part, a bibliography, an image.
  public struct Attachment: Sendable, Equatable {
    /// Its path as the template names it.
    public var path: String
    /// SHA-256 of the file.
    public var digest: SHA256Digest
    /// Its text; nil for an image.
    public var text: String?
    /// SHA-256 of the bytes that the page carries of an image; nil for text.
    public var shownDigest: SHA256Digest?

    public init(path: String, digest: SHA256Digest, text: String? = nil, shownDigest: SHA256Digest? = nil) {
      (self.path, self.digest, self.text, self.shownDigest) = (path, digest, text, shownDigest)
    }
  }

  /// Where a page stands among others: what its links lead to.
  public struct Site: Sendable, Equatable {
    /// The same report in another language.
    public struct Edition: Sendable, Equatable {
      /// The language, a BCP 47 tag.
      public var language: String
      /// The page, relative to this one.
      public var address: String

      public init(language: String, address: String) { (self.language, self.address) = (language, address) }
    }

    /// The list of all reports, relative to the page; nil where there is none.
    public var index: String?
    public var editions: [Edition]

    public init(index: String? = nil, editions: [Edition] = []) { (self.index, self.editions) = (index, editions) }
  }

  /// One directive and its result.
  public struct Entry: Sendable, Equatable {
    /// The anchor in the page; unique.
    public var id: String
    /// The directive's canonical text.
    public var directive: String
    /// Its line in the template, from 1.
    public var line: Int
    /// The inputs of its result.
    public var inputs: JSONObject
    /// SHA-256 of the canonical inputs: the key in the store.
    public var key: SHA256Digest
    /// SHA-256 of the canonical result.
    public var valueDigest: SHA256Digest
    /// The result; nil where it was too large to be embedded.
    public var result: JSONValue?
    /// What is known of the sample, where the result is not embedded; nil where it is.
    public var facts: JSONValue?
    /// The values printed from it.
    public var printed: [Printed]
    /// The change that a comparison is to tolerate, as written in `tol=`; nil for none.
    public var tolerance: String?

    /// An entry for a result under its key.
    ///
    /// - Parameter isEmbedded: Whether the page carries the result itself, or its digest only.
    public init(
      id: String, directive: String, line: Int, key: ResultKey, result: StoredResult, isEmbedded: Bool = true,
      printed: [Printed] = [], tolerance: String? = nil, facts: JSONValue? = nil
    ) {
      self.id = id
      self.directive = directive
      self.line = line
      inputs = key.inputs
      self.key = key.digest
      valueDigest = result.valueDigest
      // A bare `nil` would be read as JSON's null here.
      self.result = isEmbedded ? .some(result.value) : .none
      self.printed = printed
      self.tolerance = tolerance
      self.facts = isEmbedded ? .none : facts
    }
  }

  /// The version of the program that made the page.
  public var version: String
  /// The report's name.
  public var report: String
  /// The template's text; with it the page can be rendered again.
  public var template: String
  /// The files beside the template that the page was made of, in byte order of their paths.
  public var attachments: [Attachment]
  /// What replaced settings of the template.
  public var settings: [Setting]
  /// What stood for names that the template leaves out; with it the page can be made again without its book.
  public var defaults: Defaults
  /// What the page's links to other pages lead to.
  public var site: Site
  /// One entry for each directive, in the page's order.
  public var entries: [Entry]

  public init(
    version: String, report: String, template: String, attachments: [Attachment] = [], settings: [Setting] = [],
    defaults: Defaults = Defaults(), site: Site = Site(), entries: [Entry]
  ) {
    self.attachments = attachments
    self.version = version
    self.report = report
    self.template = template
    self.settings = settings
    self.defaults = defaults
    self.site = site
    self.entries = entries
  }
}

/// Why a page has no readable manifest.
public struct ManifestError: Error, Sendable, Equatable, CustomStringConvertible {
  /// What is wrong, in one line.
  public let description: String
}
