import { render } from "preact";

const root = document.getElementById("root");
if (root) render(<h1>Safe Passage</h1>, root);
