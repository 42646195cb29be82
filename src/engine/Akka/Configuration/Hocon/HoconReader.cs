using System.Globalization;
using System.Text;

namespace Akka.Configuration.Hocon;

/// <summary>The characters of a HOCON text and the words made of them.</summary>
sealed class HoconReader(string text, string? origin)
{
    // Characters that HOCON keeps for itself outside quotes; keys end at a dot besides.
    const string Reserved = "$\"{}[]:=,#`^?!@*&\\";

    public int Position { get; private set; }

    public bool AtEnd => Position >= text.Length;

    public char Next => Peek(0);

    bool AtComment => Next == '#' || (Next == '/' && Peek(1) == '/');

    bool AtBlank => char.IsWhiteSpace(Next) || Next == '\uFEFF';

    public bool AtText => !AtEnd && !AtBlank && !AtComment && !Reserved.Contains(Next);

    public bool AtKey => Next == '"' || (AtText && Next != '.');

    public bool At(string word) => string.CompareOrdinal(text, Position, word, 0, word.Length) == 0;

    public bool Skip(char c)
    {
        if (Next != c || AtEnd) return false;
        Position++;
        return true;
    }

    public bool Skip(string word)
    {
        if (!At(word)) return false;
        Position += word.Length;
        return true;
    }

    /// <summary>White space within the line.</summary>
    public string Spaces()
    {
        var start = Position;
        while (!AtEnd && AtBlank && Next != '\n') Position++;
        return text[start..Position];
    }

    /// <summary>White space, line ends and comments; tells whether there was a line end.</summary>
    public bool Blanks()
    {
        var lineEnded = false;
        while (!AtEnd)
        {
            if (AtComment) while (!AtEnd && Next != '\n') Position++;
            else if (AtBlank) lineEnded |= text[Position++] == '\n';
            else break;
        }
        return lineEnded;
    }

    /// <summary>The name in <c>include "name"</c>; null where there is no include.</summary>
    public string? Include()
    {
        var start = Position;
        if (Skip("include") && Spaces().Length > 0 && Next == '"') return Quoted();
        Position = start;
        return null;
    }

    /// <summary>One key of a path. White space inside an unquoted key belongs to it, around it does not.</summary>
    public string Key()
    {
        if (Next == '"') return Quoted();
        var start = Position;
        var end = start;
        while (Next != '.' && !At("+="))
        {
            if (AtText) end = ++Position;
            else if (!AtEnd && AtBlank && Next != '\n') Position++;
            else break;
        }
        Position = end;
        return end > start ? text[start..end] : throw Unexpected("a key");
    }

    /// <summary>Unquoted text up to white space or a reserved character.</summary>
    public string Text()
    {
        var start = Position;
        while (AtText) Position++;
        return text[start..Position];
    }

    /// <summary>Text in quotes, single or triple.</summary>
    public string Quoted()
    {
        var start = Position;
        if (Skip("\"\"\"")) return TripleQuoted(start);
        Position++;
        var value = new StringBuilder();
        while (!Skip('"'))
        {
            if (AtEnd || Next == '\n') throw Error(start, "the text that begins here has no closing quote on its line");
            value.Append(Next == '\\' ? Escape() : text[Position++]);
        }
        return value.ToString();
    }

    /// <summary>What stands between <c>${</c> and <c>}</c>.</summary>
    public string SubstitutionPath(int start)
    {
        var end = text.AsSpan(Position).IndexOfAny('}', '\n');
        if (end < 0 || text[Position + end] != '}')
            throw Error(start, "the substitution that begins here is never closed");
        var path = text.Substring(Position, end).Trim();
        if (path.Length == 0) throw Error(start, "the substitution names no setting");
        Position += end + 1;
        return path;
    }

    public ConfigurationException Unexpected(string wanted) =>
        Error(Position, $"{Found} where {wanted} should be");

    public ConfigurationException Error(int position, string problem, Exception? cause = null)
    {
        var before = text.AsSpan(0, Math.Min(position, text.Length));
        var line = before.Count('\n') + 1;
        var column = before.Length - before.LastIndexOf('\n');
        var file = origin is null ? "" : $"{origin}, ";
        var message = $"Configuration error in {file}line {line}, column {column}: {problem}.";
        return new ConfigurationException(message, cause);
    }

    public string Found => AtEnd ? "the end of the text" : Next == '\n' ? "the end of the line" : $"'{Next}'";

    string TripleQuoted(int start)
    {
        var end = text.IndexOf("\"\"\"", Position, StringComparison.Ordinal);
        if (end < 0) throw Error(start, "the text that begins here has no closing \"\"\"");
        // Of a longer run of quotes only the last three close; those before them belong to the text.
        while (end + 3 < text.Length && text[end + 3] == '"') end++;
        var value = text[Position..end];
        Position = end + 3;
        return value;
    }

    char Escape()
    {
        var start = Position++;
        var c = Next;
        Position++;
        switch (c)
        {
            case '"' or '\\' or '/': return c;
            case 'b': return '\b';
            case 'f': return '\f';
            case 'n': return '\n';
            case 'r': return '\r';
            case 't': return '\t';
            case 'u' when Position + 4 <= text.Length && ushort.TryParse(text.AsSpan(Position, 4),
                NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code):
                Position += 4;
                return (char)code;
            default:
                throw Error(start,
                    "unknown escape sequence; a backslash is written \\\\, or the text in triple quotes");
        }
    }

    char Peek(int ahead) => Position + ahead < text.Length ? text[Position + ahead] : '\0';
}
