(function () {
  "use strict";
  var backwards = document.documentElement.dir === "rtl";
  document.querySelectorAll(".plot").forEach(function (plot) {
    var hits = Array.prototype.slice.call(plot.querySelectorAll(".hit"));
    var readout = plot.parentNode.querySelector(".readout");
    var at = -1;
    function go(to) {
      if (at >= 0) { hits[at].classList.remove("on"); }
      at = to;
      if (at < 0) { readout.textContent = ""; return; }
      hits[at].classList.add("on");
      readout.textContent = hits[at].querySelector("title").textContent;
    }
    plot.addEventListener("keydown", function (event) {
      var step = { ArrowRight: backwards ? -1 : 1, ArrowLeft: backwards ? 1 : -1, ArrowDown: 1, ArrowUp: -1 }[event.key];
      var to = at;
      if (step) { to = Math.min(hits.length - 1, Math.max(0, at + step)); }
      else if (event.key === "Home") { to = 0; }
      else if (event.key === "End") { to = hits.length - 1; }
      else { return; }
      event.preventDefault();
      if (hits.length) { go(to); }
    });
    plot.addEventListener("blur", function () { go(-1); });
    hits.forEach(function (hit, place) {
      hit.addEventListener("pointerenter", function () { go(place); });
    });
    plot.addEventListener("pointerleave", function () { if (document.activeElement !== plot) { go(-1); } });
  });
  var closed = [];
  window.addEventListener("beforeprint", function () {
    closed = Array.prototype.slice.call(document.querySelectorAll("details:not([open])"));
    closed.forEach(function (one) { one.open = true; });
  });
  window.addEventListener("afterprint", function () { closed.forEach(function (one) { one.open = false; }); });
})();
