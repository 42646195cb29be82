namespace Akka.Util;

/// <summary>A reference that threads may compare and set.</summary>
public class AtomicReference<T> where T : class
{
#pragma warning disable CA1051, CS8618 // Akka.NET's field is visible to heirs; the parameterless form starts at null.
    protected T atomicValue;

    public AtomicReference(T originalValue) => atomicValue = originalValue;

    public AtomicReference()
    {
    }
#pragma warning restore CA1051, CS8618

    public T Value
    {
        get => Volatile.Read(ref atomicValue);
        set => Volatile.Write(ref atomicValue, value);
    }

    public bool CompareAndSet(T expected, T newValue) =>
        ReferenceEquals(Interlocked.CompareExchange(ref atomicValue, newValue, expected), expected);

    public T GetAndSet(T newValue) => Interlocked.Exchange(ref atomicValue, newValue);

    public static implicit operator T(AtomicReference<T> reference) => reference.Value;
}
