// Watches a page that knows nothing of it: what it shows, and whether its microphone is open.
//
// Put into every document before its own scripts. Says each change of {shown, gate} through the
// binding `__offhookSay`; the first thing that a new document says is that nothing is shown.
(({ mute, mutedWhen, liveWhen }) => {
  if (window !== window.top) return;
  const tracks = new Set();
  let said = "";

  const sees = (selector) =>
    [...document.querySelectorAll(selector)].some((element) =>
      element.checkVisibility({ visibilityProperty: true, opacityProperty: true }),
    );

  function shown() {
    if (sees(mutedWhen)) return "muted";
    return sees(liveWhen ?? mute) ? "live" : "unknown";
  }

  function gate() {
    if (!tracks.size) return "unknown";
    const open = [...tracks].some((track) => track.readyState === "live" && track.enabled);
    return open ? "open" : "cut";
  }

  function look() {
    const now = JSON.stringify({ shown: shown(), gate: gate() });
    if (now !== said) {
      said = now;
      window.__offhookSay(now);
    }
  }

  // What is shown. Not every change is a mutation: a box may be ticked, a style sheet may load.
  new MutationObserver(look).observe(document, {
    attributes: true,
    characterData: true,
    childList: true,
    subtree: true,
  });
  setInterval(look, 100);

  // The gate: every audio track that the page was given, and its copies.
  function follow(track) {
    if (track.kind !== "audio" || tracks.has(track)) return;
    tracks.add(track);
    track.addEventListener("ended", look);
    look();
  }
  const devices = window.MediaDevices && MediaDevices.prototype;
  if (devices) {
    const { getUserMedia } = devices;
    devices.getUserMedia = async function (...wishes) {
      const stream = await getUserMedia.apply(this, wishes);
      stream.getTracks().forEach(follow);
      return stream;
    };
    const track = MediaStreamTrack.prototype;
    const { clone, stop } = track;
    const enabled = Object.getOwnPropertyDescriptor(track, "enabled");
    Object.defineProperty(track, "enabled", {
      ...enabled,
      set(value) {
        enabled.set.call(this, value);
        look();
      },
    });
    track.clone = function () {
      const copy = clone.call(this);
      if (tracks.has(this)) follow(copy);
      return copy;
    };
    track.stop = function () {
      stop.call(this);
      look();
    };
    const stream = MediaStream.prototype;
    const { clone: cloneStream } = stream;
    stream.clone = function () {
      const copy = cloneStream.call(this);
      if (this.getTracks().some((each) => tracks.has(each))) copy.getTracks().forEach(follow);
      return copy;
    };
  }

  look();
})(WISHES);
