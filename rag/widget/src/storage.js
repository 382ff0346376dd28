// The browser's storage, where it has one: private windows and policies may forbid it.

function stored(area) {
  return {
    read(name) {
      try {
        return window[area].getItem(name);
      } catch (error) {
        return null;
      }
    },
    /** Null removes. */
    write(name, value) {
      try {
        if (value === null) window[area].removeItem(name);
        else window[area].setItem(name, value);
      } catch (error) {
        // Nothing can be kept here; the widget works without.
      }
    },
  };
}

export const tabStorage = stored("sessionStorage");
export const browserStorage = stored("localStorage");
