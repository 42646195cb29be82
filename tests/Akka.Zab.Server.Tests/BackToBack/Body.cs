using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Akka.Zab.Server.Tests.BackToBack;

/// <summary>
/// The body of a request for one server, in ZooKeeper's encoding, and beside it in words. Paths of a script are below
/// the run's own znode: "/a" is /run/a, "." the run's znode, "$3" the third of the sequential znodes that are there,
/// "%/a" the znode of the quota of /run/a, and "!" stands before what is sent as it is.
/// </summary>
internal sealed class Body(string run, IReadOnlyList<string> sequential, Zxids zxids)
{
    readonly List<byte> _bytes = [];
    readonly StringBuilder _text = new();

    public byte[] Bytes => [.. _bytes];

    public string Text => _text.ToString();

    public Body Path(string? path)
    {
        var resolved = Resolve(path);
        Raw(resolved is null ? null : Encoding.UTF8.GetBytes(resolved));
        return Say("", resolved is null ? "(null)" : $"\"{Visible(resolved)}\"");
    }

    public Body Paths(string name, IReadOnlyList<string> paths)
    {
        Raw(paths.Count);
        Say(name, $"{paths.Count}:");
        foreach (var path in paths) Path(path);
        return this;
    }

    public Body Int(string name, int value)
    {
        Raw(value);
        return Say(name, value.ToString(CultureInfo.InvariantCulture));
    }

    public Body Long(string name, long value)
    {
        Raw(value);
        return Say(name, value.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>The zxid of so many changes ago, which is another number on each server.</summary>
    public Body ZxidBefore(string name, int changes)
    {
        Raw(zxids.Before(changes, out var ordinal));
        return Say(name, $"z{ordinal}");
    }

    public Body Flag(string name, bool value)
    {
        _bytes.Add(value ? (byte)1 : (byte)0);
        return value ? Say(name, "yes") : this;
    }

    public Body Data(byte[]? value)
    {
        Raw(value);
        return Say("data", value is null ? "null" : $"{value.Length} bytes");
    }

    public Body Word(string name, string? value)
    {
        Raw(value is null ? null : Encoding.UTF8.GetBytes(value));
        return Say(name, value ?? "null");
    }

    public Body Acl(IReadOnlyList<(int Permissions, string? Scheme, string? Id)>? acl)
    {
        Raw(acl?.Count ?? -1);
        foreach (var (permissions, scheme, id) in acl ?? [])
        {
            Raw(permissions);
            Raw(scheme is null ? null : Encoding.UTF8.GetBytes(scheme));
            Raw(id is null ? null : Encoding.UTF8.GetBytes(id));
        }
        return Say("acl", acl is null ? "null" : string.Join(',', acl.Select(a => $"{a.Scheme}:{a.Id}:{a.Permissions}")));
    }

    public Body Part(Op code)
    {
        Header((int)code, done: false);
        _text.Append(CultureInfo.InvariantCulture, $" [{code}]");
        return this;
    }

    public Body EndOfParts()
    {
        Header(-1, done: true);
        return this;
    }

    void Header(int code, bool done)
    {
        Raw(code);
        _bytes.Add(done ? (byte)1 : (byte)0);
        Raw(-1);
    }

    string? Resolve(string? path) => path switch
    {
        null => null,
        "." => run,
        ['!', .. var raw] => raw,
        ['%', .. var of] => $"/zookeeper/quota{run}{of}",
        ['$', .. var index] => sequential.Count == 0
            ? run + "/none"
            : sequential[int.Parse(index, CultureInfo.InvariantCulture) % sequential.Count],
        _ => run + path,
    };

    Body Say(string name, string value)
    {
        _text.Append(' ');
        if (name.Length > 0) _text.Append(name).Append('=');
        _text.Append(value);
        return this;
    }

    void Raw(int value)
    {
        Span<byte> four = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(four, value);
        _bytes.AddRange(four);
    }

    void Raw(long value)
    {
        Span<byte> eight = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(eight, value);
        _bytes.AddRange(eight);
    }

    void Raw(byte[]? value)
    {
        Raw(value?.Length ?? -1);
        if (value is not null) _bytes.AddRange(value);
    }

    public static string Visible(string text)
    {
        var visible = new StringBuilder();
        foreach (var c in text)
        {
            if (char.IsControl(c) || char.IsSurrogate(c)) visible.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
            else visible.Append(c);
        }
        return visible.ToString();
    }
}
