namespace Akka.Configuration.Hocon;

/// <summary><c>${path}</c> or <c>${?path}</c>: the value of another setting or of an environment variable.</summary>
public class HoconSubstitution : IHoconElement, IMightBeAHoconObject
{
    protected HoconSubstitution()
    {
    }

    public HoconSubstitution(string path) => Path = path;

    public string Path { get; set; } = "";

    /// <summary>What the path stands for; null before it is resolved.</summary>
    public HoconValue ResolvedValue { get; set; } = null!;

    /// <summary>Whether <c>${?path}</c> may stand for nothing.</summary>
    internal bool IsOptional { get; init; }

    /// <summary>Whether the path is that of the very setting being assigned, and so means its earlier value.</summary>
    internal bool IsSelf { get; init; }

    /// <summary>Offset in the text, for messages.</summary>
    internal int Position { get; init; }

    public bool IsString() => ResolvedValue is not null && ResolvedValue.IsString();

    public string GetString() => ResolvedValue?.GetString()!;

    public bool IsArray() => ResolvedValue is not null && ResolvedValue.IsArray();

    public IList<HoconValue> GetArray() => ResolvedValue?.GetArray() ?? [];

    public bool IsObject() => ResolvedValue is not null && ResolvedValue.IsObject();

    public HoconObject GetObject() => ResolvedValue?.GetObject()!;
}
