using System.Text;

namespace Akka.Zab.Client.Sasl;

/// <summary>A token of DIGEST-MD5: <c>name=value</c> and <c>name="value"</c>, separated by commas.</summary>
internal sealed class DigestDirectives
{
    private readonly List<(string Name, string Value)> _all = [];

    private DigestDirectives()
    {
    }

    /// <summary>Takes a token apart; null if it is none.</summary>
    public static DigestDirectives? Parse(ReadOnlySpan<byte> token)
    {
        if (token.Length > DigestMd5.MaxToken) return null;
        var directives = new DigestDirectives();
        var rest = Encoding.Latin1.GetString(token).AsSpan();
        while (true)
        {
            rest = rest.TrimStart(" \t\r\n,");
            if (rest.IsEmpty) return directives;
            if (!TryTake(ref rest, out var name, out var value)) return null;
            directives._all.Add((name, value));
            rest = rest.TrimStart(" \t\r\n");
            if (!rest.IsEmpty && rest[0] != ',') return null;
        }
    }

    /// <summary>The value of a directive: null if it is not there.</summary>
    /// <param name="name">Its name in small letters.</param>
    /// <param name="twice">Set, and not otherwise touched, if it is there more than once.</param>
    public string? Get(string name, ref bool twice)
    {
        string? found = null;
        foreach (var directive in _all)
        {
            if (directive.Name != name) continue;
            if (found is not null) twice = true;
            found = directive.Value;
        }
        return found;
    }

    /// <summary>Every value of a directive that may be repeated.</summary>
    public IEnumerable<string> All(string name)
    {
        foreach (var directive in _all)
            if (directive.Name == name) yield return directive.Value;
    }

    /// <summary>A value between quotation marks.</summary>
    public static string Quote(string value) =>
        $"\"{value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";

    private static bool TryTake(ref ReadOnlySpan<char> rest, out string name, out string value)
    {
        value = "";
        var length = TokenLength(rest);
        name = rest[..length].ToString().ToLowerInvariant();
        rest = rest[length..].TrimStart(" \t\r\n");
        if (length == 0 || rest.IsEmpty || rest[0] != '=') return false;
        rest = rest[1..].TrimStart(" \t\r\n");
        if (!rest.IsEmpty && rest[0] == '"') return TryUnquote(ref rest, out value);
        length = TokenLength(rest);
        value = rest[..length].ToString();
        rest = rest[length..];
        return length > 0;
    }

    private static bool TryUnquote(ref ReadOnlySpan<char> rest, out string value)
    {
        var text = new StringBuilder();
        value = "";
        for (var i = 1; i < rest.Length; i++)
        {
            switch (rest[i])
            {
                case '"':
                    value = text.ToString();
                    rest = rest[(i + 1)..];
                    return true;
                case '\\' when ++i == rest.Length:
                    return false;
            }
            text.Append(rest[i]);
        }
        return false;
    }

    private static int TokenLength(ReadOnlySpan<char> text)
    {
        var end = text.IndexOfAnyExceptInRange('!', '~');
        if (end >= 0) text = text[..end];
        end = text.IndexOfAny("()<>@,;:\\\"/[]?={}");
        return end < 0 ? text.Length : end;
    }
}
