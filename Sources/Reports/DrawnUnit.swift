import Blocks
import Charts

/// The exhibits of one numbered figure or table, and their drawings.
struct DrawnUnit {
  let parts: [FigureAssembly.Part]
  let panels: [FigureFrame.Panel]

  /// Makes and draws what the directives of a unit show.
  init(
    _ unit: Numbering.Unit, _ template: ReportTemplate, _ answers: [Int: Evaluation], _ assembly: FigureAssembly
  ) {
    parts = unit.marks.flatMap { mark -> [FigureAssembly.Part] in
      guard case .directive(let bound)? = template.meanings[mark], let evaluation = answers[mark] else { return [] }
      return assembly.parts(of: evaluation, caption: bound.caption?.value, size: bound.size)
    }
    panels = assembly.panels(of: parts, id: unit.id)
  }
}
