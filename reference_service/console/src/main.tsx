import { StrictMode } from "react";
import { createRoot } from "react-dom/client";

import { Marketplace } from "./page/Marketplace";
import { applyTheme, chosenTheme } from "./shared/theme";
import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/page.css";
import "./styles/board.css";
import "./styles/modal.css";

applyTheme(chosenTheme());
const root = document.getElementById("root");
if (!root) throw new Error("the page has no #root");
createRoot(root).render(
  <StrictMode>
    <Marketplace />
  </StrictMode>,
);
