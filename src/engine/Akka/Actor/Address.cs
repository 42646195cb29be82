using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Akka.Util;

namespace Akka.Actor;

/// <summary>Where an actor system lives: protocol and name, and host and port when others can reach it.</summary>
public sealed class Address : IEquatable<Address>, IComparable<Address>, IComparable, ICloneable, ISurrogated
{
    public static readonly Address AllSystems = new("akka", "all-systems");

    public static readonly IComparer<Address> Comparer = Comparer<Address>.Create(Order);

    readonly int _hash;
    string? _text;

    public Address(string protocol, string system, string? host = null, int? port = null)
    {
        Protocol = protocol;
        System = system;
        Host = host?.ToLowerInvariant();
        Port = port;
        _hash = HashCode.Combine(Protocol, System, Host, Port);
    }

    public string Protocol { get; }

    public string System { get; }

    public string? Host { get; }

    public int? Port { get; }

    public bool HasLocalScope => string.IsNullOrEmpty(Host);

    public bool HasGlobalScope => !string.IsNullOrEmpty(Host);

    public Address WithProtocol(string protocol) => new(protocol, System, Host, Port);

    public Address WithSystem(string system) => new(Protocol, system, Host, Port);

    public Address WithHost(string? host = null) => new(Protocol, System, host, Port);

    public Address WithPort(int? port = null) => new(Protocol, System, Host, port);

    public object Clone() => new Address(Protocol, System, Host, Port);

    /// <summary>"system@host:port", without the protocol.</summary>
    public string HostPort() => ToString()[(Protocol.Length + 3)..];

    public override string ToString() => _text ??= Host is null
        ? $"{Protocol}://{System}"
        : Port is { } port
            ? string.Create(CultureInfo.InvariantCulture, $"{Protocol}://{System}@{Bracketed(Host)}:{port}")
            : $"{Protocol}://{System}@{Bracketed(Host)}";

    public static Address Parse(string address) => TryParse(address, out var result)
        ? result
        : throw new UriFormatException($"'{address}' is not an actor system's address (protocol://system@host:port).");

    public static bool TryParse(string path, [NotNullWhen(true)] out Address? address) =>
        TryParse(path.AsSpan(), out address);

    public static bool TryParse(ReadOnlySpan<char> span, [NotNullWhen(true)] out Address? address) =>
        TryParse(span, out address, out _);

    /// <summary>
    /// Reads an address from the beginning of an actor's path; <paramref name="absolutUri"/> gets the rest, "/" at
    /// least.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<char> span, [NotNullWhen(true)] out Address? address,
        out ReadOnlySpan<char> absolutUri)
    {
        address = null;
        absolutUri = "/";
        var scheme = span.IndexOf("://");
        if (scheme <= 0 || !IsProtocol(span[..scheme]))
            return false;
        var protocol = span[..scheme];
        var authority = span[(scheme + 3)..];
        var slash = authority.IndexOf('/');
        if (slash >= 0)
        {
            absolutUri = authority[slash..];
            authority = authority[..slash];
        }

        var at = authority.IndexOf('@');
        if (at < 0)
        {
            if (authority.IsEmpty || authority.Contains(':'))
                return false;
            address = new Address(protocol.ToString(), authority.ToString());
            return true;
        }

        var host = authority[(at + 1)..];
        int? port = null;
        var colon = host.LastIndexOf(':');
        if (colon >= 0 && !host[colon..].Contains(']'))
        {
            if (!int.TryParse(host[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                || number > 65535)
                return false;
            port = number;
            host = host[..colon];
        }

        if (at == 0 || host.IsEmpty)
            return false;
        if (host[0] == '[' && host[^1] == ']')
            host = host[1..^1];
        address = new Address(protocol.ToString(), authority[..at].ToString(), host.ToString(), port);
        return true;
    }

    public static bool operator ==(Address? left, Address? right) => left is null ? right is null : left.Equals(right);

    public static bool operator !=(Address? left, Address? right) => !(left == right);

    public bool Equals(Address? other) => other is not null && (ReferenceEquals(this, other)
        || (_hash == other._hash && Port == other.Port && Host == other.Host && System == other.System
            && Protocol == other.Protocol));

    public override bool Equals(object? obj) => obj is Address other && Equals(other);

    public override int GetHashCode() => _hash;

    public int CompareTo(Address? other) => Order(this, other);

    int IComparable.CompareTo(object? obj) => obj is null or Address
        ? Order(this, (Address?)obj)
        : throw new ArgumentException($"An address compares with addresses, not with a {obj.GetType()}.", nameof(obj));

    public ISurrogate ToSurrogate(ActorSystem system) =>
        new AddressSurrogate { Protocol = Protocol, System = System, Host = Host, Port = Port };

    // An IPv6 host carries colons of its own; brackets keep the port apart, as in a URI.
    static string Bracketed(string host) => host.Contains(':') && host[0] != '[' ? $"[{host}]" : host;

    static bool IsProtocol(ReadOnlySpan<char> text)
    {
        foreach (var c in text)
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('.' or '+' or '-'))
                return false;
        return true;
    }

    static int Order(Address? a, Address? b)
    {
        if (ReferenceEquals(a, b))
            return 0;
        if (a is null || b is null)
            return a is null ? -1 : 1;
        var result = string.CompareOrdinal(a.Protocol, b.Protocol);
        if (result == 0)
            result = string.CompareOrdinal(a.System, b.System);
        if (result == 0)
            result = string.CompareOrdinal(a.Host ?? "", b.Host ?? "");
        return result != 0 ? result : (a.Port ?? 0).CompareTo(b.Port ?? 0);
    }

    /// <summary>An address as it travels.</summary>
    public class AddressSurrogate : ISurrogate
    {
        public string Protocol { get; set; } = "";

        public string System { get; set; } = "";

        public string? Host { get; set; }

        public int? Port { get; set; }

        public ISurrogated FromSurrogate(ActorSystem system) => new Address(Protocol, System, Host, Port);
    }
}
