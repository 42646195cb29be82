using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Akka.Util;

namespace Akka.Actor;

/// <summary>
/// The place of an actor in the tree of an actor system. The uid tells one incarnation at a place from the next; it
/// takes no part in equality.
/// </summary>
public abstract class ActorPath : IEquatable<ActorPath>, IComparable<ActorPath>, ISurrogated
{
    internal const char UidDelimiter = '#';

    /// <summary>What an actor's name may hold besides ASCII letters and digits and %xx escapes.</summary>
    public static readonly string ValidSymbols = "\"-_.*$+:@&=,!~';()";

    readonly int _hash;
    string? _text;

    protected ActorPath(Address address, string name)
    {
        Address = address;
        Name = name;
        _hash = HashCode.Combine(address, name);
    }

    protected ActorPath(ActorPath parentPath, string name, long uid)
    {
        ParentPath = parentPath;
        Address = parentPath.Address;
        Depth = parentPath.Depth + 1;
        Name = name;
        Uid = uid;
        _hash = HashCode.Combine(parentPath._hash, name);
    }

    public Address Address { get; }

    /// <summary>The path above this one; the root's is the root itself.</summary>
    public ActorPath Parent => ParentPath ?? this;

    public string Name { get; }

    /// <summary>0 where no incarnation is meant.</summary>
    public long Uid { get; }

    public int Depth { get; }

    public ActorPath Root => ParentOf(0);

    /// <summary>The names from the root down, without the root's own.</summary>
    public IReadOnlyList<string> Elements
    {
        get
        {
            var names = new string[Depth];
            var path = this;
            for (var i = Depth - 1; i >= 0; i--, path = path.Parent)
                names[i] = path.Name;
            return names;
        }
    }

    /// <summary>
    /// Like <see cref="Elements"/>, the last with its uid ("name#uid"): leads to that incarnation or to none.
    /// </summary>
    internal IReadOnlyList<string> ElementsWithUid
    {
        get
        {
            var names = (string[])Elements;
            if (Uid != 0 && names.Length > 0)
                names[^1] = string.Create(CultureInfo.InvariantCulture, $"{Name}{UidDelimiter}{Uid}");
            return names;
        }
    }

    ActorPath? ParentPath { get; }

    public static ActorPath operator /(ActorPath path, string name) => path.Child(name);

    public static ActorPath operator /(ActorPath path, IEnumerable<string> name) =>
        name.Aggregate(path, (p, n) => p.Child(n));

    public static bool operator ==(ActorPath? left, ActorPath? right) =>
        left is null ? right is null : left.Equals(right);

    public static bool operator !=(ActorPath? left, ActorPath? right) => !(left == right);

    /// <summary>Whether a user may give an actor this name.</summary>
    public static bool IsValidPathElement(string s)
    {
        if (string.IsNullOrEmpty(s) || s[0] == '$')
            return false;
        for (var i = 0; i < s.Length; i++)
        {
            var c = s[i];
            if (char.IsAsciiLetterOrDigit(c) || ValidSymbols.Contains(c))
                continue;
            if (c != '%' || i + 2 >= s.Length || !char.IsAsciiHexDigit(s[i + 1]) || !char.IsAsciiHexDigit(s[i + 2]))
                return false;
            i += 2;
        }

        return true;
    }

    public static string FormatPathElements(IEnumerable<string> pathElements) => "/" + string.Join('/', pathElements);

    public static ActorPath Parse(string path) => TryParse(path, out var result)
        ? result
        : throw new UriFormatException($"'{path}' is not an actor's path (protocol://system@host:port/user/name).");

    public static bool TryParse(string path, [NotNullWhen(true)] out ActorPath? actorPath)
    {
        actorPath = null;
        return Address.TryParse(path.AsSpan(), out var address, out var elements)
            && TryParse(new RootActorPath(address), elements, out actorPath);
    }

    public static bool TryParse(ActorPath? basePath, string path, [NotNullWhen(true)] out ActorPath? actorPath) =>
        TryParse(basePath, path.AsSpan(), out actorPath);

    /// <summary>Resolves a path like "/user/a#12" below <paramref name="basePath"/>.</summary>
    public static bool TryParse(ActorPath? basePath, ReadOnlySpan<char> absoluteUri,
        [NotNullWhen(true)] out ActorPath? actorPath)
    {
        actorPath = null;
        if (basePath is null || absoluteUri.IsEmpty || absoluteUri[0] != '/')
            return false;
        long uid = 0;
        var hash = absoluteUri.LastIndexOf(UidDelimiter);
        if (hash >= 0)
        {
            if (!long.TryParse(absoluteUri[(hash + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture,
                out uid))
                return false;
            absoluteUri = absoluteUri[..hash];
        }

        var path = basePath;
        foreach (var range in absoluteUri.Split('/'))
        {
            var name = absoluteUri[range];
            if (!name.IsEmpty)
                path = new ChildActorPath(path, name.ToString(), 0);
        }

        actorPath = uid == 0 ? path : path.WithUid(uid);
        return true;
    }

    public static bool TryParseAddress(string path, [NotNullWhen(true)] out Address? address) =>
        Address.TryParse(path, out address);

    public abstract ActorPath WithUid(long uid);

    public ActorPath Child(string childName) => new ChildActorPath(this, childName, 0);

    /// <summary>The path at this depth from the root (0 or more), or that many steps up (negative).</summary>
    public ActorPath ParentOf(int depth)
    {
        var target = depth >= 0 ? depth : Math.Max(0, Depth + depth);
        var path = this;
        while (path.Depth > target)
            path = path.Parent;
        return path;
    }

    public string ToStringWithoutAddress() => Join("", withUid: false);

    public string ToStringWithAddress() => ToString();

    /// <summary>With <paramref name="address"/> in place of an address that others could not reach.</summary>
    public string ToStringWithAddress(Address address) =>
        Address.Host is not null && Address.Port is not null ? ToString() : Join(address.ToString(), withUid: false);

    public string ToStringWithUid() => Uid == 0 ? ToString() : Join(Address.ToString(), withUid: true);

    public string ToSerializationFormat() => ToStringWithUid();

    public string ToSerializationFormatWithAddress(Address address) =>
        Address.Host is not null && Address.Port is not null
            ? ToSerializationFormat() : Join(address.ToString(), withUid: true);

    public override string ToString() => _text ??= Join(Address.ToString(), withUid: false);

    public bool Equals(ActorPath? other)
    {
        if (other is null || _hash != other._hash || Depth != other.Depth)
            return false;
        ActorPath a = this, b = other;
        while (!ReferenceEquals(a, b))
        {
            if (a.Name != b.Name)
                return false;
            if (a.ParentPath is null)
                return a.Address.Equals(b.Address);
            a = a.Parent;
            b = b.Parent;
        }

        return true;
    }

    public override bool Equals(object? obj) => obj is ActorPath other && Equals(other);

    public override int GetHashCode() => _hash;

    public int CompareTo(ActorPath? other)
    {
        if (other is null)
            return 1;
        if (ReferenceEquals(this, other))
            return 0;
        var result = Address.CompareTo(other.Address);
        if (result != 0)
            return result;
        var shared = Math.Min(Depth, other.Depth);
        for (var depth = 1; depth <= shared && result == 0; depth++)
            result = string.CompareOrdinal(ParentOf(depth).Name, other.ParentOf(depth).Name);
        return result != 0 ? result : Depth.CompareTo(other.Depth);
    }

    public ISurrogate ToSurrogate(ActorSystem system) => new Surrogate(ToSerializationFormat());

    string Join(string prefix, bool withUid)
    {
        if (Depth == 0)
            return prefix + "/";
        var uid = withUid && Uid != 0 ? UidDelimiter + Uid.ToString(CultureInfo.InvariantCulture) : "";
        var length = prefix.Length + uid.Length;
        for (var path = this; path.Depth > 0; path = path.Parent)
            length += path.Name.Length + 1;
        return string.Create(length, (Path: this, prefix, uid), static (span, state) =>
        {
            state.prefix.CopyTo(span);
            state.uid.CopyTo(span[^state.uid.Length..]);
            var end = span.Length - state.uid.Length;
            for (var path = state.Path; path.Depth > 0; path = path.Parent)
            {
                end -= path.Name.Length;
                path.Name.CopyTo(span[end..]);
                span[--end] = '/';
            }
        });
    }

    /// <summary>A path as it travels.</summary>
    public sealed class Surrogate(string path) : ISurrogate, IEquatable<Surrogate>, IEquatable<ActorPath>
    {
        public string Path { get; } = path;

        public ISurrogated FromSurrogate(ActorSystem system) => Parse(Path);

        public bool Equals(Surrogate? other) => other is not null && Path == other.Path;

        public bool Equals(ActorPath? other) => other is not null && Path == other.ToSerializationFormat();

        public override bool Equals(object? obj) => obj is Surrogate other && Equals(other);

        public override int GetHashCode() => Path.GetHashCode(StringComparison.Ordinal);
    }
}

/// <summary>The top of an actor system's tree.</summary>
public sealed class RootActorPath(Address address, string name = "") : ActorPath(address, name)
{
    public override ActorPath WithUid(long uid) =>
        uid == 0 ? this : throw new NotSupportedException("The root of an actor system has no uid.");
}

/// <summary>An actor's place below another.</summary>
public sealed class ChildActorPath(ActorPath parentPath, string name, long uid) : ActorPath(parentPath, name, uid)
{
    public override ActorPath WithUid(long uid) => uid == Uid ? this : new ChildActorPath(Parent, Name, uid);
}
