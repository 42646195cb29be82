using System.Buffers;
using System.Text;

namespace Akka.Zab.Server;

/// <summary>
/// Puts the values of environment variables into HOCON: <c>${?NAME}</c> and <c>${NAME}</c>, where the name is in capital
/// letters. A setting whose whole value is a variable that is not set is left out, so that what stands before it holds;
/// within a value such a variable is nothing. <c>${NAME}</c> without the question mark is left to the parser, if there is
/// no such variable. Done here because Akka.NET's HOCON knows no environment.
/// </summary>
internal static class EnvironmentVariables
{
    static readonly SearchValues<char> _nameCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");

    public static string Expand(string hocon, Func<string, string?> valueOf)
    {
        var text = new StringBuilder(hocon.Length);
        var member = 0; // where in the text the member of an object, or the element of a list, began
        for (var at = 0; at < hocon.Length;)
        {
            if (Verbatim(hocon, at) is var length and > 0)
            {
                text.Append(hocon, at, length);
                at += length;
            }
            else if (Reference(hocon, at, out var name, out var isOptional) is var end and > 0)
            {
                var value = valueOf(name);
                var isWhole = BeginsValue(text) && EndsValue(hocon, end);
                if (value is null && !isOptional) text.Append(hocon, at, end - at);
                else if (value is null && isWhole) (text.Length, end) = (member, AfterComma(hocon, end));
                else if (value is { Length: > 0 } || isWhole) AppendQuoted(text, value!);
                at = end;
            }
            else
            {
                text.Append(hocon[at]);
                if (hocon[at] is '\n' or ',' or '{' or '[') member = text.Length;
                at++;
            }
        }
        return text.ToString();
    }

    /// <summary>The length of a comment or a quoted text that begins here; 0 if none does.</summary>
    static int Verbatim(string hocon, int at)
    {
        var rest = hocon.AsSpan(at);
        if (rest[0] == '#' || rest.StartsWith("//"))
            return rest.IndexOf('\n') is var line and >= 0 ? line : rest.Length;
        if (rest.StartsWith("\"\"\""))
            return rest[3..].IndexOf("\"\"\"") is var close and >= 0 ? close + 6 : rest.Length;
        if (rest[0] != '"') return 0;
        for (var i = 1; i < rest.Length; i++)
        {
            if (rest[i] == '\\') i++;
            else if (rest[i] is '"' or '\n') return i + 1;
        }
        return rest.Length;
    }

    /// <summary>The end of a reference to a variable that begins here; 0 if none does.</summary>
    static int Reference(string hocon, int at, out string name, out bool isOptional)
    {
        (name, isOptional) = ("", false);
        var rest = hocon.AsSpan(at);
        if (!rest.StartsWith("${")) return 0;
        isOptional = rest.StartsWith("${?");
        var start = isOptional ? 3 : 2;
        var length = rest[start..].IndexOf('}');
        if (length <= 0) return 0;
        var inside = rest.Slice(start, length);
        if (char.IsAsciiDigit(inside[0]) || inside.ContainsAnyExcept(_nameCharacters)) return 0;
        name = inside.ToString();
        return at + start + length + 1;
    }

    static bool BeginsValue(StringBuilder text)
    {
        var last = text.Length - 1;
        while (last >= 0 && text[last] is ' ' or '\t') last--;
        return last >= 0 && text[last] is '=' or ':' or '[' or ',';
    }

    static bool EndsValue(string hocon, int at)
    {
        var rest = hocon.AsSpan(at).TrimStart(" \t\r");
        return rest.IsEmpty || rest[0] is '\n' or ',' or '}' or ']' or '#' || rest.StartsWith("//");
    }

    static int AfterComma(string hocon, int at)
    {
        var next = at;
        while (next < hocon.Length && hocon[next] is ' ' or '\t') next++;
        return next < hocon.Length && hocon[next] == ',' ? next + 1 : at;
    }

    static void AppendQuoted(StringBuilder text, string value) => text
        .Append('"')
        .Append(value.Replace("\\", "\\\\").Replace("\"", "\\\"").Replace("\n", "\\n").Replace("\r", "\\r"))
        .Append('"');
}
