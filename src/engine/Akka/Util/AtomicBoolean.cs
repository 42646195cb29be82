namespace Akka.Util;

/// <summary>A flag that threads may compare and set.</summary>
public class AtomicBoolean(bool initialValue = false)
{
    int _value = initialValue ? 1 : 0;

    public bool Value
    {
        get => Volatile.Read(ref _value) != 0;
        set => Interlocked.Exchange(ref _value, value ? 1 : 0);
    }

    public bool CompareAndSet(bool expected, bool newValue)
    {
        var before = expected ? 1 : 0;
        return Interlocked.CompareExchange(ref _value, newValue ? 1 : 0, before) == before;
    }

    public bool GetAndSet(bool newValue) => Interlocked.Exchange(ref _value, newValue ? 1 : 0) != 0;

    public static implicit operator bool(AtomicBoolean flag) => flag.Value;
}
