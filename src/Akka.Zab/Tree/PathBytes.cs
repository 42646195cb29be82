using System.Text;

namespace Akka.Zab.Tree;

/// <summary>Paths in UTF-8, as the tree looks them up.</summary>
internal static class PathBytes
{
    /// <summary>What callers lend from their stack; longer paths are rare and take an array.</summary>
    public const int OnStack = 256;

    public static ReadOnlySpan<byte> Of(ReadOnlySpan<char> path, Span<byte> buffer) =>
        Encoding.UTF8.TryGetBytes(path, buffer, out var length) ? buffer[..length] : LongPath(path);

    /// <summary>Cuts the next name off what is left of a path, which begins with a slash; false at the end.</summary>
    public static bool NextName(ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> name)
    {
        if (rest.IsEmpty)
        {
            name = default;
            return false;
        }

        rest = rest[1..];
        var slash = rest.IndexOf((byte)'/');
        name = slash < 0 ? rest : rest[..slash];
        rest = slash < 0 ? default : rest[slash..];
        return true;
    }

    private static byte[] LongPath(ReadOnlySpan<char> path)
    {
        var bytes = new byte[Encoding.UTF8.GetByteCount(path)];
        Encoding.UTF8.GetBytes(path, bytes);
        return bytes;
    }
}
