using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Akka.Zab.Tree;

/// <summary>Ids of the scheme <c>ip</c> in an ACL: an address, or an address and how many of its bits count.</summary>
internal static class IpRange
{
    private const int MaxBytes = 16;

    /// <summary>Whether this is a legal id.</summary>
    public static bool IsValid(string range) => TryParse(range, out _, out _);

    /// <summary>Whether the range has the address in it. Addresses of two families never meet.</summary>
    public static bool Holds(string range, string address)
    {
        if (!TryParse(range, out var network, out var bits) || !TryParseAddress(address, out var host))
            return false;
        Span<byte> wanted = stackalloc byte[MaxBytes];
        Span<byte> actual = stackalloc byte[MaxBytes];
        network.TryWriteBytes(wanted, out var length);
        host.TryWriteBytes(actual, out var otherLength);
        if (length != otherLength)
            return false;
        var whole = bits / 8;
        if (!wanted[..whole].SequenceEqual(actual[..whole]))
            return false;
        var rest = bits % 8;
        return rest == 0 || (wanted[whole] ^ actual[whole]) >> (8 - rest) == 0;
    }

    private static bool TryParse(string range, out IPAddress address, out int bits)
    {
        var slash = range.IndexOf('/');
        bits = 0;
        if (!TryParseAddress(slash < 0 ? range : range.AsSpan(0, slash), out address))
            return false;
        var most = address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128;
        bits = most;
        return slash < 0
            || (int.TryParse(range.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out bits)
                && bits <= most);
    }

    // An IPv4 address has four parts: the short and the numeric forms that .NET also takes would surprise.
    private static bool TryParseAddress(ReadOnlySpan<char> text, out IPAddress address)
    {
        address = IPAddress.None;
        if (!IPAddress.TryParse(text, out var parsed)
            || (parsed.AddressFamily == AddressFamily.InterNetwork && text.Count('.') != 3))
            return false;
        address = parsed;
        return true;
    }
}
