namespace Akka.Configuration.Hocon;

/// <summary>Text, quoted or not; also the white space between two pieces of a value.</summary>
public class HoconLiteral : IHoconElement
{
    public string Value { get; set; } = "";

    internal bool IsBlank => string.IsNullOrWhiteSpace(Value) && !Quoted;

    internal bool Quoted { get; init; }

    public bool IsString() => true;

    public string GetString() => Value;

    public bool IsArray() => false;

    public IList<HoconValue> GetArray() => throw new NotSupportedException("A text is not an array.");

    public override string ToString() => Value;
}
