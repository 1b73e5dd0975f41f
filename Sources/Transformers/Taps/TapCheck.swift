extension Model {
  /// Checks that a block has what taps name.
  ///
  /// - Throws: `ModelError` with code `unsupported`.
  func check(_ taps: [Tap], block: Int) throws(ModelError) {
    let plan = configuration.plans[block]
    for tap in taps where tap.blocks?.contains(block) ?? true {
      if let site = tap.site, !site.exists(in: plan) {
        throw missing("site '\(site)'", block, site == .residualMid ? "; its branches run side by side" : "")
      }
      if case .replace(.norm(let place), _) = tap.action, plan.norm(place) == nil {
        throw missing("norm '\(place)'", block, "")
      }
    }
  }

  private func missing(_ what: String, _ block: Int, _ why: String) -> ModelError {
    .run(.unsupported, directory, "block \(block) of this \(configuration.family.name) model has no \(what)\(why)")
  }
}
