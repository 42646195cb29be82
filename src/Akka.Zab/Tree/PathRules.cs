using System.Buffers;
using System.Globalization;

namespace Akka.Zab.Tree;

/// <summary>ZooKeeper's rules for paths.</summary>
internal static class PathRules
{
    public const string Root = "/";
    public const string ZooKeeper = "/zookeeper";
    public const string Quota = "/zookeeper/quota";
    public const string Config = "/zookeeper/config";

    // Beside NUL: control characters, surrogates, the private use area and the specials at the end of the plane.
    private static readonly SearchValues<char> Illegal = SearchValues.Create(
    [
        .. Range('\u0000', '\u001F'), .. Range('\u007F', '\u009F'), .. Range('\uD800', '\uF8FF'),
        .. Range('\uFFF0', '\uFFFF'),
    ]);

    /// <summary>Whether a znode may have this path.</summary>
    public static bool IsValid(ReadOnlySpan<char> path)
    {
        if (path.Length == 0 || path[0] != '/')
            return false;
        if (path.Length == 1)
            return true;
        if (path.ContainsAny(Illegal))
            return false;
        var rest = path[1..];
        while (true)
        {
            var slash = rest.IndexOf('/');
            var component = slash < 0 ? rest : rest[..slash];
            if (component is "" or "." or "..")
                return false;
            if (slash < 0)
                return true;
            rest = rest[(slash + 1)..];
        }
    }

    /// <summary>The znodes that always exist and that nobody may delete.</summary>
    public static bool IsReserved(string path) => path is Root or ZooKeeper or Quota or Config;

    /// <summary>The path up to its last slash; "" stands for the root. The path must have a slash.</summary>
    public static ReadOnlySpan<char> ParentOf(ReadOnlySpan<char> path) => path[..path.LastIndexOf('/')];

    /// <summary>
    /// The path with the counter of a sequential znode: ten characters with leading zeros, the sign included.
    /// </summary>
    public static string WithCounter(string path, int counter) =>
        counter >= 0
            ? string.Create(CultureInfo.InvariantCulture, $"{path}{counter:D10}")
            : string.Create(CultureInfo.InvariantCulture, $"{path}-{-(long)counter:D9}");

    private static IEnumerable<char> Range(char first, char last) =>
        Enumerable.Range(first, last - first + 1).Select(c => (char)c);
}
