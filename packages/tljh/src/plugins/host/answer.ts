import {
  type PluginPlace,
  pluginAnswerNotData,
  pluginAnswerTooLarge,
} from "../../errors/plugin-hosts.ts";
import { copyData } from "../../hub/plain-data.ts";

const MOST_VALUES = 100_000;
const MOST_CHARACTERS = 4_000_000;

/** A copy of what a plugin gives back, as plain data. Throws `PLUGIN_RESULT_UNSERIALISABLE` or `…_TOO_LARGE`. */
export function answerData(
  value: unknown,
  place: PluginPlace,
  where: "returned" | "left in an argument",
): unknown {
  let values = 0;
  let characters = 0;
  return copyData(value, {
    refuse: (path, what) => pluginAnswerNotData(place, { where, path, what }),
    count(more) {
      values += 1;
      characters += more;
      if (values > MOST_VALUES) throw pluginAnswerTooLarge(place, `${MOST_VALUES} values`);
      if (characters > MOST_CHARACTERS)
        throw pluginAnswerTooLarge(place, `${MOST_CHARACTERS} characters`);
    },
  });
}
