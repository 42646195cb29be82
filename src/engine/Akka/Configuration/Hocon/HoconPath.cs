using System.Text;

namespace Akka.Configuration.Hocon;

/// <summary>Paths such as <c>akka.actor.deployment."/user/a.b".router</c>.</summary>
static class HoconPath
{
    /// <summary>The keys of a path; a dot inside double quotes does not separate.</summary>
    public static List<string> Split(string path)
    {
        var keys = new List<string>();
        var key = new StringBuilder();
        var quoted = false;
        foreach (var c in path)
        {
            if (c == '"') quoted = !quoted;
            else if (c == '.' && !quoted) Close();
            else key.Append(c);
        }
        Close();
        return keys;

        void Close()
        {
            keys.Add(key.ToString());
            key.Clear();
        }
    }

    public static string Join(IEnumerable<string> keys) => string.Join('.', keys.Select(Key));

    /// <summary>A key as HOCON writes it: quoted where it would not be read back otherwise.</summary>
    public static string Key(string key) => IsPlain(key, alsoDots: false) ? key : Quote(key);

    /// <summary>A text as HOCON writes it: quoted where it would not be read back otherwise.</summary>
    public static string Text(string text) => IsPlain(text, alsoDots: true) ? text : Quote(text);

    static bool IsPlain(string text, bool alsoDots)
    {
        if (text.Length == 0 || text == "include") return false;
        foreach (var c in text)
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_') && !(alsoDots && c == '.')) return false;
        return true;
    }

    static string Quote(string text)
    {
        var quoted = new StringBuilder(text.Length + 2).Append('"');
        foreach (var c in text)
            _ = c switch
            {
                '"' => quoted.Append("\\\""),
                '\\' => quoted.Append(@"\\"),
                '\n' => quoted.Append(@"\n"),
                '\r' => quoted.Append(@"\r"),
                '\t' => quoted.Append(@"\t"),
                < ' ' => quoted.Append($"\\u{(int)c:x4}"),
                _ => quoted.Append(c),
            };
        return quoted.Append('"').ToString();
    }
}
