using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Akka.Zab.Server.Tests.BackToBack;

/// <summary>
/// Puts a server's frame into words that are the same for two servers that behave alike: zxids become places in the
/// order of changes, session ids the sessions' numbers, times are checked instead of shown, and what comes in no
/// particular order is sorted.
/// </summary>
internal sealed class ReplyText(byte[] frame, Zxids zxids, Func<long, string> session)
{
    public const int HeaderSize = 16;

    static readonly string[] _events =
        ["0", "NodeCreated", "NodeDeleted", "NodeDataChanged", "NodeChildrenChanged", "5", "6", "7"];

    readonly StringBuilder _text = new();
    int _at;

    public int Xid { get; private set; }

    public long Zxid { get; private set; }

    public int Error { get; private set; }

    /// <summary>The path of the first znode that was created.</summary>
    public string? Created { get; private set; }

    /// <summary>Whether a part of a multi failed, and so all of it.</summary>
    public bool PartFailed { get; private set; }

    public void ReadHeader()
    {
        Xid = Int();
        Zxid = Long();
        Error = Int();
    }

    public string Event()
    {
        var type = Int();
        var state = Int();
        var path = Str();
        _text.Append(CultureInfo.InvariantCulture, $"event {(type is > 0 and < 8 ? _events[type] : type)} {Quoted(path)}");
        if (state != 3) _text.Append(CultureInfo.InvariantCulture, $" state={state}");
        if (Error != 0) _text.Append(CultureInfo.InvariantCulture, $" err={Error}");
        return Rest();
    }

    /// <summary>A multi's results; also tells whether one failed, so it comes before the zxid is taken as a change.</summary>
    public void Parts() => _at = ScanParts(_at);

    /// <summary>The header's error and the body. What the reply changed must be known to the zxids before.</summary>
    public string Reply(Op code)
    {
        _text.Append(CultureInfo.InvariantCulture, $"err={Error} zxid={zxids.Name(Zxid, exact: false)}");
        if (Error == 0) Body(code);
        return Rest();
    }

    int ScanParts(int start)
    {
        for (_at = start; frame.Length - _at >= 9;)
        {
            var type = Int();
            if (Bool()) break;
            Int();
            switch (type)
            {
                case -1:
                    if (Int() != 0) PartFailed = true;
                    break;
                case (int)Op.Create:
                    Str();
                    break;
                case (int)Op.Create2:
                    Str();
                    _at += 68;
                    break;
                case (int)Op.SetData:
                    _at += 68;
                    break;
            }
        }
        return start;
    }

    void Body(Op code)
    {
        switch (code)
        {
            case Op.Create or Op.Sync:
                Path();
                break;
            case Op.Create2 or Op.CreateContainer or Op.CreateTtl:
                Path();
                Stat();
                break;
            case Op.Exists or Op.SetData or Op.SetAcl:
                Stat();
                break;
            case Op.GetData:
                Data();
                Stat();
                break;
            case Op.GetAcl:
                Acl();
                Stat();
                break;
            case Op.GetChildren or Op.GetEphemerals:
                Names();
                break;
            case Op.GetChildren2:
                Names();
                Stat();
                break;
            case Op.AddWatch or Op.GetAllChildrenNumber:
                _text.Append(CultureInfo.InvariantCulture, $" {Int()}");
                break;
            case Op.WhoAmI:
                Identities();
                break;
            case Op.Multi or Op.MultiRead:
                Results();
                break;
        }
    }

    void Results()
    {
        while (true)
        {
            var type = (Op)Int();
            var done = Bool();
            var error = Int();
            if (done)
            {
                if ((int)type != -1 || error != -1) _text.Append(CultureInfo.InvariantCulture, $" end={type},{error}");
                return;
            }
            _text.Append(CultureInfo.InvariantCulture, $" [{type} {error}");
            if ((int)type == -1) _text.Append(CultureInfo.InvariantCulture, $" {Int()}");
            else Body(type);
            _text.Append(']');
        }
    }

    void Path()
    {
        var path = Str();
        Created ??= path;
        _text.Append(' ').Append(Quoted(path));
    }

    void Data()
    {
        var data = Buffer();
        if (data is null) _text.Append(" data=null");
        else if (data.Length <= 16) _text.Append(CultureInfo.InvariantCulture, $" data={Convert.ToHexString(data)}");
        else _text.Append(CultureInfo.InvariantCulture, $" data={data.Length}#{Checksum(data):x8}");
    }

    void Stat()
    {
        long created = Long(), modified = Long(), createdAt = Long(), modifiedAt = Long();
        int version = Int(), childVersion = Int(), aclVersion = Int();
        var owner = Long();
        int length = Int(), children = Int();
        var childrenZxid = Long();
        _text.Append(CultureInfo.InvariantCulture,
            $" (c={zxids.Name(created)} m={zxids.Name(modified)} p={zxids.Name(childrenZxid)} v={version}");
        _text.Append(CultureInfo.InvariantCulture, $" cv={childVersion} av={aclVersion} len={length} kids={children}");
        if (owner != 0) _text.Append(CultureInfo.InvariantCulture, $" owner={session(owner)}");
        if (!zxids.Fits(created, createdAt)) _text.Append(CultureInfo.InvariantCulture, $" ctime changed: {createdAt}");
        if (!zxids.Fits(modified, modifiedAt)) _text.Append(CultureInfo.InvariantCulture, $" mtime changed: {modifiedAt}");
        _text.Append(')');
    }

    void Acl()
    {
        for (var count = Int(); count > 0; count--)
            _text.Append(CultureInfo.InvariantCulture, $" {Int()}:{Str()}:{Str()}");
    }

    void Identities()
    {
        var all = new List<string>();
        for (var count = Int(); count > 0; count--) all.Add($"{Str()}:{Str()}");
        all.Sort(StringComparer.Ordinal);
        _text.Append(' ').AppendJoin(' ', all);
    }

    void Names()
    {
        var count = Int();
        if (count < 0) _text.Append(" null");
        var names = new List<string?>();
        for (; count > 0; count--) names.Add(Str());
        names.Sort(StringComparer.Ordinal);
        _text.Append(" [").AppendJoin(' ', names.Select(Quoted)).Append(']');
    }

    string Rest()
    {
        if (_at < frame.Length) _text.Append(CultureInfo.InvariantCulture, $" and {frame.Length - _at} bytes more");
        return _text.ToString();
    }

    int Int()
    {
        _at += 4;
        return BinaryPrimitives.ReadInt32BigEndian(frame.AsSpan(_at - 4));
    }

    long Long()
    {
        _at += 8;
        return BinaryPrimitives.ReadInt64BigEndian(frame.AsSpan(_at - 8));
    }

    bool Bool() => frame[_at++] != 0;

    byte[]? Buffer()
    {
        var length = Int();
        if (length < 0) return null;
        _at += length;
        return frame[(_at - length).._at];
    }

    string? Str() => Buffer() is { } bytes ? Encoding.UTF8.GetString(bytes) : null;

    static string Quoted(string? text) => text is null ? "(null)" : $"\"{BackToBack.Body.Visible(text)}\"";

    static uint Checksum(byte[] data)
    {
        var sum = 2166136261;
        foreach (var b in data) sum = (sum ^ b) * 16777619;
        return sum;
    }
}
