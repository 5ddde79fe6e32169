namespace Grpc.Core;

/// <summary>
/// Says of a generated service base which static method gives its methods to a <see cref="ServiceBinderBase"/>.
/// </summary>
[AttributeUsage(AttributeTargets.Class, Inherited = true)]
public class BindServiceMethodAttribute(Type bindType, string bindMethodName) : Attribute
{
    public Type BindType { get; } = bindType;

    public string BindMethodName { get; } = bindMethodName;
}
