import Tensors

/// The rows of an activation, or of its gradient, for one call to look at or write to.
package struct ActivationRows<Element: KernelElement> {
  /// Which activation.
  package var site: Site
  /// Its first number.
  package var values: UnsafeMutablePointer<Element>
  /// Positions of all texts, in order.
  package var rows: Int
  /// Numbers to a row.
  package var width: Int
  /// Numbers from one row to the next.
  package var stride: Int
  /// The text, counted from 0, where all rows belong to one: those of a pattern, H to a position.
  package var text: Int?
}

extension BlockTape {
  /// Sees activations as they are made, or gradients on the way back, and may write to them.
  package struct Hook {
    private let sites: (Site) -> Bool
    private let body: (ActivationRows<Element>) throws -> Void

    /// A hook at the sites that are named, since some take time and memory to show.
    package init(at sites: @escaping (Site) -> Bool, _ body: @escaping (ActivationRows<Element>) throws -> Void) {
      (self.sites, self.body) = (sites, body)
    }

    func looks(at site: Site) -> Bool { sites(site) }

    func see(_ rows: ActivationRows<Element>) throws { if sites(rows.site) { try body(rows) } }
  }
}
