// A panel that cannot be drawn says so, with what to do; the other panels go on.
import { Component, type ComponentChildren } from "preact";

export class Safe extends Component<{ title: string; size: number; children: ComponentChildren }, { wrong: string; at: number }> {
  override state = { wrong: "", at: 0 };
  override componentDidCatch(error: unknown): void {
    console.error(error);
    this.setState({ wrong: error instanceof Error ? error.message : String(error), at: this.props.size });
  }
  override componentDidUpdate(): void {
    if (this.state.wrong && this.props.size !== this.state.at) this.setState({ wrong: "", at: this.props.size }); // the next picture may do
  }
  override render() {
    if (!this.state.wrong) return <>{this.props.children}</>;
    return (
      <section class="panel failed"><header><h2>{this.props.title}</h2><span class="q">cannot be drawn</span></header>
        <div class="empty"><p>This panel met something that it does not know: {this.state.wrong}.</p><p class="q">Nothing is lost: the entries are in the ledger, and the other panels go on. Open the Ledger tab, and tell us this sentence.</p></div></section>
    );
  }
}
